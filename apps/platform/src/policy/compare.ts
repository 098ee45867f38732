import { setImmediate as otherWork } from 'node:timers/promises';
import type { PolicyComparison, ReachDifference } from '@hypervigil/contract';
import type { Id, Policy } from '@hypervigil/model';
import {
  createGroupIndex,
  diffPolicies,
  type PolicyDifference,
  type ReachChange,
  servicesText,
} from '@hypervigil/policy';
import type { Desk, Of, Subject } from '../analysis/desk.ts';
import type { Named } from '../analysis/names.ts';
import { badField } from '../errors.ts';

const SHOWN = { rules: 500, reach: 200, services: 64 } as const;

/** What differs between two states of the policies, in what they say and in what gets through. */
export async function comparePolicies(
  desk: Desk,
  states: { before: string; after: string },
  signal: AbortSignal,
): Promise<PolicyComparison> {
  const before = await desk.subject(ofText('before', states.before));
  const after = await desk.subject(ofText('after', states.after));
  const policies = diffPolicies(before.cloud.policies, after.cloud.policies);
  const describe = endsIn(after, groupsIn([before, after], policies));
  const reach: ReachDifference[] = [];
  let moreReach = false;
  for (const change of policies.length === 0 ? [] : before.analysis.compare(after.cloud)) {
    moreReach = reach.length === SHOWN.reach;
    if (moreReach) break;
    reach.push(told(change, before, after, describe));
    await otherWork();
    signal.throwIfAborted();
  }
  const shown = firstRules(policies, SHOWN.rules);
  const rules = (some: readonly PolicyDifference[]) => some.reduce((sum, one) => sum + one.rules.length, 0);
  return {
    before: before.revision,
    after: after.revision,
    policies: shown as PolicyComparison['policies'],
    moreRules: rules(policies) - rules(shown),
    names: namesIn(shown, after),
    reach,
    moreReach,
  };
}

/** @throws ApiFailure `invalid-request` */
function ofText(field: string, text: string): Of {
  if (text === 'draft' || text === 'published') return text;
  if (!/^\d{1,9}$/.test(text)) throw badField(field, { code: 'invalid', params: {} });
  return Number(text);
}

type Describe = (network: number, ends: ReachChange['from']) => ReachDifference['from'];

function told(change: ReachChange, before: Subject, after: Subject, describe: Describe): ReachDifference {
  const decider = ({ names }: Subject, { ruleId, ruleNum }: ReachChange['before']) => ({
    rule: names.rule(ruleId),
    ruleNum,
  });
  return {
    change: change.change,
    network: after.names.network(change.network),
    from: describe(change.network, change.from),
    to: describe(change.network, change.to),
    services: servicesText(change.services).slice(0, SHOWN.services),
    before: decider(before, change.before),
    after: decider(after, change.after),
    witness: after.names.packet(change.witness),
  };
}

/** The groups that rules name which differ: in their words the difference is told. */
function groupsIn(subjects: readonly Subject[], policies: readonly PolicyDifference[]): Set<Id> {
  const differ = new Set(policies.flatMap(({ rules }) => rules.map(({ id }) => id)));
  const rules = subjects.flatMap(({ cloud }) => cloud.policies.flatMap((policy: Policy) => policy.rules));
  return new Set(
    rules.filter(({ id }) => differ.has(id)).flatMap(({ from, to }) => [...from.groupIds, ...to.groupIds]),
  );
}

/** Tells ends as whole groups and tenants, largest first, and the VMs that are left. */
function endsIn({ cloud, names }: Subject, groupIds: ReadonlySet<Id>): Describe {
  interface Whole extends Named {
    readonly kind: 'groups' | 'tenants';
    readonly vmIds: readonly Id[];
  }
  const index = createGroupIndex(cloud.groups);
  const wholes = new Map<number, Whole[]>();
  const wholesOn = (network: number): Whole[] => {
    const { id } = names.network(network);
    const there = cloud.vms.filter(({ vnics }) => vnics.some(({ networkId }) => networkId === id));
    const found = [
      ...cloud.groups
        .filter((group) => groupIds.has(group.id))
        .map((group) => ({
          kind: 'groups' as const,
          group,
          vms: there.filter((vm) => index.contains(group.id, vm, id)),
        }))
        .map(({ kind, group, vms }) => ({ kind, ...named(names.groups, group.id), vmIds: vms.map((vm) => vm.id) })),
      ...Map.groupBy(there, ({ tenantId }) => tenantId)
        .entries()
        .flatMap(([tenantId, vms]): Whole[] =>
          tenantId === null
            ? []
            : [{ kind: 'tenants', ...named(names.tenants, tenantId), vmIds: vms.map((vm) => vm.id) }],
        ),
    ].filter(({ vmIds }) => vmIds.length > 0);
    return found.sort((a, b) => b.vmIds.length - a.vmIds.length);
  };
  return (network, ends) => {
    const some = wholes.get(network) ?? wholesOn(network);
    wholes.set(network, some);
    const all = new Set(ends.vmIds);
    const left = new Set(ends.vmIds);
    const fitting = some.filter(({ vmIds }) => {
      const fits = vmIds.every((id) => all.has(id)) && vmIds.some((id) => left.has(id));
      if (fits) for (const id of vmIds) left.delete(id);
      return fits;
    });
    const of = (kind: Whole['kind']) =>
      fitting.filter((one) => one.kind === kind).map(({ id, name }): Named => ({ id, name }));
    return { ...names.ends({ ...ends, vmIds: [...left] }), groups: of('groups'), tenants: of('tenants') };
  };
}

const named = (names: ReadonlyMap<Id, Named>, id: Id): Named => names.get(id) ?? { id, name: id };

function firstRules(policies: readonly PolicyDifference[], limit: number): PolicyDifference[] {
  let left: number = limit;
  return policies.map((policy) => {
    const rules = policy.rules.slice(0, left);
    left -= rules.length;
    return { ...policy, rules };
  });
}

/** What the ids in fields are called; one that is gone is not there. */
function namesIn(policies: readonly PolicyDifference[], { names }: Subject): Record<Id, string> {
  const found: Record<Id, string> = {};
  const add = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) add(one);
    if (typeof value !== 'string') return;
    const known = names.groups.get(value) ?? names.tenants.get(value) ?? names.addressSets.get(value);
    if (known !== undefined) found[value] = known.name;
  };
  for (const { fields, rules } of policies)
    for (const { before, after } of [...fields, ...rules.flatMap((rule) => rule.fields)])
      for (const value of [before, after]) add(value);
  return found;
}
