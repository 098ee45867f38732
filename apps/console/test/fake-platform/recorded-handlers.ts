import type { SimulatedChange } from '@hypervigil/contract';
import type { Flow, Rule } from '@hypervigil/model';
import type { Handlers, State } from './handlers.ts';
import { ago, HOUR } from './make.ts';

/** What recorded flows teach, as far as screens can tell: the draft's new denies cut whatever was allowed to their groups. */
export function recordedHandlers(state: State): Handlers {
  const { data } = state;
  const vm = (id: string | null) => {
    const found = data.vms.find((one) => one.id === id);
    return found === undefined ? null : { id: found.id, name: found.name };
  };
  const talk = (flow: Flow) => ({
    network: null,
    src: { ip: flow.src.ip, vm: vm(flow.src.vmId) },
    dst: { ip: flow.dst.ip, vm: vm(flow.dst.vmId) },
    protocol: flow.protocol,
    port: flow.dst.port,
    icmpType: flow.icmpType,
    icmpCode: flow.icmpCode,
    flows: 4,
    bytes: flow.bytes + flow.replyBytes,
    firstAt: flow.startedAt,
    lastAt: flow.lastAt,
  });
  const named = (rule: Rule) => {
    const policy = data.draft.find(({ rules }) => rules.some(({ id }) => id === rule.id))!;
    return { id: rule.id, num: rule.num, name: rule.name, policyId: policy.id, policy: policy.name, tier: policy.tier };
  };
  const some = (verdict: Flow['verdict'], count: number) =>
    data.flows
      .filter((flow) => flow.verdict === verdict && flow.src.vmId !== null && flow.dst.vmId !== null)
      .slice(0, count);
  const sum = (items: readonly { readonly flows: number }[]) => ({
    talks: items.length,
    flows: items.reduce((total, { flows }) => total + flows, 0),
    vms: items.length,
  });
  return {
    listRuleHits: ({ query }) => {
      const policies = data.draft.filter(({ id }) => query.policyId === undefined || id === query.policyId);
      const items = policies
        .flatMap(({ rules }) => rules)
        .map((rule, n) => {
          const hits = { flows: 1_200 * n, bytes: 90_000 * n, packets: 2_400 * n, lastAt: n === 0 ? null : ago(HOUR) };
          return { rule: named(rule), ...hits, publishedAt: ago(100 * HOUR) };
        });
      return { from: ago(query.days * 24 * HOUR), to: ago(0), items };
    },
    simulatePolicy: ({ query }) => {
      const [rule] = data.draft.flatMap(({ rules }) => rules).filter(({ action }) => action === 'deny');
      const items = some('allow', rule === undefined ? 0 : 3).map(
        (flow): SimulatedChange => ({
          ...talk(flow),
          recorded: 'allow',
          before: { verdict: 'allow', ruleNum: 5, rule: null },
          after: { verdict: 'deny', ruleNum: rule!.num, rule: named(rule!) },
        }),
      );
      const none = sum([]);
      const seen = { talks: 40, flows: 160, vms: 12 };
      const from = ago(query.days * 24 * HOUR);
      return { from, to: ago(0), items, cut: sum(items), opened: none, seen, unplaced: none, truncated: false };
    },
  };
}
