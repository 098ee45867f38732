import type { Id, Peer, Rule } from '@hypervigil/model';
import type { CloudState } from './cloud.ts';
import { createGroupIndex } from './group-index.ts';

const DAY_MS = 86_400_000;

/** What was recorded of a time: which rules decided something, which VMs had any traffic at all. */
export interface Recorded {
  readonly fromMs: number;
  readonly toMs: number;
  readonly ruleNums: ReadonlySet<number>;
  readonly vmIds: ReadonlySet<Id>;
}

/**
 * A rule that decided nothing all that time. `silent-from`, `silent-to`: nobody of that side had any traffic;
 * `no-hits`: both sides had, and never this.
 */
export interface UnusedRule {
  readonly ruleId: Id;
  readonly reason: 'no-hits' | 'silent-from' | 'silent-to';
  /** Whole days that were looked at. */
  readonly days: number;
}

/**
 * Rules that had their time and decided nothing in it. A rule is younger than the recordings, or not published, gets no
 * judgement; neither does `pass`, since what it passes on is recorded for the rule that decides, nor one of which some
 * connections are not recorded.
 */
export function findUnused(
  cloud: Pick<CloudState, 'policies' | 'groups' | 'vms'>,
  publishedMs: ReadonlyMap<Id, number>,
  recorded: Recorded,
): UnusedRule[] {
  const days = Math.floor((recorded.toMs - recorded.fromMs) / DAY_MS);
  if (days < 1) return [];
  const isSilent = silence(cloud, recorded.vmIds);
  const hadItsTime = ({ id, enabled, staged, action, logSampling }: Rule): boolean =>
    enabled &&
    !staged &&
    action !== 'pass' &&
    (logSampling ?? 1) === 1 &&
    (publishedMs.get(id) ?? Number.POSITIVE_INFINITY) <= recorded.fromMs;
  return cloud.policies
    .filter(({ enabled }) => enabled)
    .flatMap(({ rules }) => rules)
    .filter((rule) => hadItsTime(rule) && !recorded.ruleNums.has(rule.num))
    .map((rule) => {
      const reason = isSilent(rule.from) ? 'silent-from' : isSilent(rule.to) ? 'silent-to' : 'no-hits';
      return { ruleId: rule.id, reason, days };
    });
}

/** Whether a side is VMs only, and none of them had any traffic. */
function silence({ groups, vms }: Pick<CloudState, 'groups' | 'vms'>, active: ReadonlySet<Id>) {
  const loud = vms.filter(({ id }) => active.has(id));
  const loudTenants = new Set(loud.map(({ tenantId }) => tenantId));
  const index = createGroupIndex(groups);
  const loudGroups = new Set(loud.flatMap((vm) => [...index.groupsHolding(vm)]));
  return ({ groupIds, tenantIds, ...others }: Peer): boolean =>
    groupIds.length + tenantIds.length > 0 &&
    Object.values(others).every((part) => part.length === 0) &&
    !groupIds.some((id) => loudGroups.has(id)) &&
    !tenantIds.some((id) => loudTenants.has(id));
}
