import {
  type Hours,
  type Id,
  type Inspect,
  type InspectLink,
  type IntentLimit,
  type IntentRule,
  type IntentSet,
  isAnyone,
  isForEveryone,
  isUnlimited,
  type Peer,
  riskNum,
} from '@hypervigil/model';
import type {
  CloudAddressSet,
  CloudGroup,
  CloudLimit,
  CloudNetwork,
  CloudPolicy,
  CloudSchedule,
  CloudService,
  CloudTenant,
} from './cloud.ts';
import { servicesOf } from './named-services.ts';
import { comparePolicies } from './order.ts';
import { compileServices } from './services.ts';
import { cidrSet, setNum } from './sets.ts';

/** Room in {@link IntentRule.order} for rules in a policy (2¹⁴) and for policies that share an order (2¹⁶). */
const RULES = 2 ** 14;
const TIES = 2 ** 16;

export interface CompiledRules {
  readonly rules: IntentRule[];
  readonly staged: IntentRule[];
  readonly limits: IntentLimit[];
  /** Sets whose members follow from the rules alone: address blocks and tenants. */
  readonly sets: IntentSet[];
  /** Set number → group, of the groups that a rule or a limit names: only their sets travel to hosts. */
  readonly groups: ReadonlyMap<number, Id>;
  /** The same of address sets. */
  readonly addressSets: ReadonlyMap<number, Id>;
}

export function compileRules(
  policies: Iterable<CloudPolicy>,
  tenants: ReadonlyMap<Id, CloudTenant>,
  groups: ReadonlyMap<Id, CloudGroup>,
  addressSets: ReadonlyMap<Id, CloudAddressSet>,
  schedules: ReadonlyMap<Id, CloudSchedule>,
  namedServices: ReadonlyMap<Id, CloudService>,
  networks: ReadonlyMap<Id, CloudNetwork>,
  limits: Iterable<CloudLimit>,
): CompiledRules {
  const sets = new Map<number, IntentSet>();
  const named = new Map<number, Id>();
  const lists = new Map<number, Id>();

  function groupSets(ids: readonly Id[]): number[] {
    return ids.flatMap((id) => {
      const group = groups.get(id);
      if (!group) return [];
      const num = setNum.group(group.num);
      named.set(num, id);
      return [num];
    });
  }

  /** Null is anyone. Names that nothing answers to are nobody, so a rule never widens because something is gone. */
  function peer(peer: Peer, ruleNum: number, side: 'from' | 'to'): number[] | null {
    if (isAnyone(peer)) return null;
    const nums = new Set(groupSets(peer.groupIds));
    for (const id of peer.addressSetIds) {
      const set = addressSets.get(id);
      if (!set) continue;
      const num = setNum.addressSet(set.num);
      lists.set(num, id);
      nums.add(num);
    }
    for (const id of peer.tenantIds) {
      const tenant = tenants.get(id);
      if (!tenant) continue;
      const num = setNum.tenant(tenant.num);
      sets.set(num, { num, tenant: tenant.num, members: [] });
      nums.add(num);
    }
    if (peer.cidrs.length > 0) {
      const num = setNum.cidrs(ruleNum, side);
      sets.set(num, cidrSet(num, peer.cidrs));
      nums.add(num);
    }
    return [...nums].sort((a, b) => a - b);
  }

  const rules: IntentRule[] = [];
  const staged: IntentRule[] = [];
  for (const { policy, start } of placed(policies)) {
    const tenant = policy.tenantId === null ? null : tenants.get(policy.tenantId)?.num;
    if (tenant === undefined) continue;
    for (const [i, rule] of policy.rules.entries()) {
      const hours = rule.scheduleId === null ? null : hoursOf(schedules.get(rule.scheduleId));
      const services = servicesOf(rule, namedServices);
      // A rule for hours, or for services alone, that are gone is never there.
      if (!rule.enabled || hours === undefined || services?.length === 0) continue;
      (rule.staged ? staged : rules).push({
        num: rule.num,
        key: rule.id,
        order: start + i,
        tier: policy.tier,
        tenant,
        action: rule.action,
        from: peer(rule.from, rule.num, 'from'),
        to: peer(rule.to, rule.num, 'to'),
        services: compileServices(services ?? []),
        ...(rule.inspect && { inspect: neutralInspect(rule.inspect) }),
        log: rule.log,
        logSampling: rule.logSampling,
        expiresAt: rule.expiresAt,
        hours,
        mirror: rule.mirrorId,
        limits: isUnlimited(rule.limits) ? null : rule.limits,
      });
    }
  }
  const neutralLimits = [...limits].map((limit): IntentLimit => {
    const { num, vmIds, bandwidthOut, bandwidthIn, newOut, newIn, open } = limit;
    const names = {
      vmIds: [...vmIds],
      sets: isForEveryone(limit) ? null : groupSets(limit.groupIds),
      networks: numsOf(limit.networkIds, networks),
      tenants: numsOf(limit.tenantIds, tenants),
    };
    return { num, ...names, bandwidthOut, bandwidthIn, newOut, newIn, open };
  });
  return { rules, staged, limits: neutralLimits, sets: [...sets.values()], groups: named, addressSets: lists };
}

function neutralInspect({ blocks, next = [], ...first }: Inspect): NonNullable<IntentRule['inspect']> {
  const neutral = blocks && { ...blocks, risks: blocks.risks.flatMap((name) => riskNum(name) ?? []) };
  const link = ({ groupNum, onFailure }: InspectLink) => ({ group: groupNum, onFailure });
  return { ...link(first), ...(neutral && { blocks: neutral }), ...(next.length > 0 && { next: next.map(link) }) };
}

const numsOf = (ids: readonly Id[], rows: ReadonlyMap<Id, { readonly num: number }>): number[] =>
  ids.flatMap((id) => rows.get(id)?.num ?? []).sort((a, b) => a - b);

function hoursOf(schedule: CloudSchedule | undefined): Hours | undefined {
  return (
    schedule && {
      zone: schedule.zone,
      windows: schedule.windows,
      startsOn: schedule.startsOn,
      endsOn: schedule.endsOn,
    }
  );
}

/** Enabled policies in the order of decision, each with the order of its first rule. */
function placed(policies: Iterable<CloudPolicy>): { policy: CloudPolicy; start: number }[] {
  let tie = 0;
  let before: CloudPolicy | undefined;
  return [...policies]
    .filter((policy) => policy.enabled)
    .sort(comparePolicies)
    .map((policy) => {
      tie = before && before.tier === policy.tier && before.order === policy.order ? tie + 1 : 0;
      before = policy;
      return { policy, start: (policy.order * TIES + tie) * RULES };
    });
}
