import type { CountingLimit, LimitDrops } from '@hypervigil/contract';
import { isUnlimited, type Limit, type LimitValues } from '@hypervigil/model';
import { find, type Handlers, page, type State } from './handlers.ts';
import { ago, HOUR, uuid } from './make.ts';

const NONE: LimitValues = { bandwidthOut: null, bandwidthIn: null, newOut: null, newIn: null, open: null };

/** Limits, of which the first VM is over one. */
export function limitHandlers(state: State) {
  let limits: readonly Limit[] = [
    {
      ...NONE,
      id: uuid('limit', 1),
      num: 1,
      name: 'web servers',
      description: 'What a web server may be asked for',
      vmIds: [],
      groupIds: [uuid('group', 1)],
      networkIds: [],
      tenantIds: [],
      newIn: { perSecond: 500, burst: null },
      open: 20_000,
      networkOpen: null,
      revision: 1,
      changedAt: ago(3 * HOUR),
    },
    {
      ...NONE,
      id: uuid('limit', 2),
      num: 2,
      name: 'everyone',
      description: '',
      vmIds: [],
      groupIds: [],
      networkIds: [],
      tenantIds: [],
      bandwidthOut: { kbps: 1_000_000, burstKbit: null },
      newOut: { perSecond: 100, burst: 300 },
      networkOpen: 500_000,
      revision: 1,
      changedAt: ago(9 * HOUR),
    },
  ];
  const put = (next: readonly Limit[]) => {
    limits = next;
    state.events.emit({ kind: 'changed', what: 'limits' });
  };
  const drops = (): LimitDrops[] => {
    const vm = find(state.data.vms, uuid('vm', 1));
    const host = state.data.hosts.find(({ id }) => id === vm.hostId);
    return vm.vnics.slice(0, 1).map(({ id: vnicId }) => ({
      ...{
        vmId: vm.id,
        vmName: vm.name,
        vnicId,
        hostId: host?.id ?? uuid('host', 1),
        hostName: host?.name ?? 'kvm-01',
      },
      kind: 'newIn',
      limitId: uuid('limit', 1),
      droppedPackets: 48_211,
      droppedBytes: 2_892_660,
      since: ago(HOUR),
      lastAt: ago(0),
      goesOn: true,
    }));
  };
  const counting = ({ id: limitId, name: limitName, newIn, newOut }: Limit): CountingLimit[] => [
    ...(newIn ? [{ kind: 'newIn' as const, limitId, limitName, values: { ...NONE, newIn } }] : []),
    ...(newOut ? [{ kind: 'newOut' as const, limitId, limitName, values: { ...NONE, newOut } }] : []),
  ];
  return {
    listLimits: ({ query }) => page(limits, query),
    createLimit: ({ body }) => {
      const num = state.next();
      const limit: Limit = { ...body, id: uuid('limit', num), num, revision: 1, changedAt: new Date().toISOString() };
      put([...limits, limit]);
      return limit;
    },
    updateLimit: ({ params, body }) => {
      const limit = { ...find(limits, params.id), ...body, revision: body.revision + 1 };
      put(limits.map((one) => (one.id === limit.id ? limit : one)));
      return limit;
    },
    deleteLimit: ({ params }) => {
      put(limits.filter(({ id }) => id !== params.id));
    },
    listLimitDrops: () => ({ items: drops() }),
    listNetworkLimitDrops: () => ({
      items: state.data.networks.slice(0, 1).map(({ id: networkId, name: networkName }) => ({
        ...{ networkId, networkName, limitId: null, kind: 'networkOpen' },
        ...{ hostId: uuid('host', 1), hostName: 'h1', droppedPackets: 9_120, droppedBytes: 547_200 },
        ...{ since: ago(HOUR), lastAt: ago(0), goesOn: true },
      })),
    }),
    listRuleLimitDrops: () => ({
      items: state.data.draft
        .flatMap((policy) => policy.rules.map((rule) => ({ policy, rule })))
        .filter(({ rule }) => !isUnlimited(rule.limits))
        .map(({ policy, rule: { id, num, name } }) => ({
          rule: { id, num, name, policyId: policy.id, policy: policy.name, tier: policy.tier },
          ...{ kind: 'ruleNew', droppedPackets: 1_204, droppedBytes: 72_240 },
          ...{ hosts: 2, lastAt: ago(0), goesOn: true },
        })),
    }),
    getVmLimits: ({ params }) => {
      const vm = find(state.data.vms, params.id);
      return {
        vnics: vm.vnics.map(({ id: vnicId }) => ({ vnicId, limits: limits.flatMap(counting) })),
        drops: drops().filter(({ vmId }) => vmId === params.id),
      };
    },
  } satisfies Handlers;
}
