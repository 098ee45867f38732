import type { DraftPolicy } from '@hypervigil/contract';
import { type Rule, TIERS, type Tier } from '@hypervigil/model';

export interface TierRow {
  readonly kind: 'tier';
  readonly id: Tier;
  readonly tier: Tier;
  readonly policies: number;
  readonly open: boolean;
}
export interface PolicyRow {
  readonly kind: 'policy';
  readonly id: string;
  readonly tier: Tier;
  readonly policy: DraftPolicy;
  /** Its place among those of its tier that stay, from 0, and how many these are. */
  readonly index: number;
  readonly count: number;
  /** Rules that are shown under it when it is open. */
  readonly rules: number;
  readonly open: boolean;
}
export interface RuleRow {
  readonly kind: 'rule';
  readonly id: string;
  readonly tier: Tier;
  readonly policy: DraftPolicy;
  readonly rule: Rule;
  /** Its place in the policy, from 0. */
  readonly index: number;
}
/** The order of decision as one list: tiers, their policies, their rules. */
export type TreeRow = TierRow | PolicyRow | RuleRow;

const made = new WeakMap<DraftPolicy, readonly RuleRow[]>();
/** The same rows for the same policy: what has not changed is not drawn again. */
function ruleRows(policy: DraftPolicy): readonly RuleRow[] {
  const rows =
    made.get(policy) ??
    policy.rules.map((rule, index): RuleRow => ({ kind: 'rule', id: rule.id, tier: policy.tier, policy, rule, index }));
  made.set(policy, rows);
  return rows;
}

interface View {
  /** Undefined shows every rule. What holds a match is shown, and open. */
  readonly matches: ((row: RuleRow) => boolean) | undefined;
  readonly isFolded: (id: string) => boolean;
}

export function treeRows(policies: readonly DraftPolicy[], { matches, isFolded }: View): readonly TreeRow[] {
  return TIERS.flatMap((tier): TreeRow[] => {
    const all = policies.filter((policy) => policy.tier === tier);
    const stay = new Map(all.filter(({ change }) => change !== 'removed').map(({ id }, index) => [id, index]));
    const parts = all
      .map((policy) => ({ policy, rules: matches === undefined ? ruleRows(policy) : ruleRows(policy).filter(matches) }))
      .filter(({ rules }) => matches === undefined || rules.length > 0);
    if (matches !== undefined && parts.length === 0) return [];
    const open = matches !== undefined || !isFolded(tier);
    const head: TierRow = { kind: 'tier', id: tier, tier, policies: parts.length, open };
    if (!open) return [head];
    const below = parts.flatMap(({ policy, rules }): TreeRow[] => {
      const shown = matches !== undefined || !isFolded(policy.id);
      const row: PolicyRow = {
        ...{ kind: 'policy', id: policy.id, tier, policy, index: stay.get(policy.id) ?? 0, count: stay.size },
        ...{ rules: rules.length, open: shown },
      };
      return shown ? [row, ...rules] : [row];
    });
    return [head, ...below];
  });
}

export interface RulePlace {
  readonly policy: DraftPolicy;
  /** The rule that it goes before; undefined is the end. */
  readonly before: string | undefined;
  /** Where it stands then, from 1, among so many. */
  readonly position: number;
  readonly count: number;
}

/** Where a rule comes to stand when it is put into the gap before a row; undefined where it may not: rules keep their tier. */
export function placeInGap(rows: readonly TreeRow[], rule: RuleRow, gap: number): RulePlace | undefined {
  const above = rows[gap - 1];
  if (above === undefined || above.kind === 'tier' || above.tier !== rule.tier) return undefined;
  const { policy } = above;
  if (policy.change === 'removed') return undefined;
  const others = policy.rules.filter(({ id }) => id !== rule.id);
  const index = placeUnder(above, rule, others);
  return { policy, before: others[index]?.id, position: index + 1, count: others.length + 1 };
}

/** A policy that is folded takes it at its end. */
function placeUnder(above: PolicyRow | RuleRow, rule: RuleRow, others: readonly Rule[]): number {
  if (above.kind === 'policy') return above.open ? 0 : others.length;
  const own = above.policy.id === rule.policy.id && rule.index <= above.index ? 1 : 0;
  return above.index + 1 - own;
}

export interface PolicyPlace {
  readonly tier: Tier;
  /** The policy that it goes before; undefined is the end. */
  readonly before: string | undefined;
  readonly position: number;
  readonly count: number;
}

/** The others among which a policy is put. One that is to be removed has no place any more. */
const beside = (policies: readonly DraftPolicy[], { id, tier }: DraftPolicy) =>
  policies.filter((one) => one.tier === tier && one.change !== 'removed' && one.id !== id);

/** A policy in the place of an index among those of its tier, from 0. */
export function policyAt(policies: readonly DraftPolicy[], policy: DraftPolicy, index: number): PolicyPlace {
  const others = beside(policies, policy);
  return { tier: policy.tier, before: others[index]?.id, position: index + 1, count: others.length + 1 };
}

/**
 * Where a policy comes to stand when it is put into the gap before a row, of all `policies`, which may be more than are
 * seen; undefined where it may not: policies keep their tier, and do not come between the rules of another.
 */
export function policyInGap(
  rows: readonly TreeRow[],
  policies: readonly DraftPolicy[],
  { policy }: PolicyRow,
  gap: number,
): PolicyPlace | undefined {
  const [above, below] = [rows[gap - 1], rows[gap]];
  if (above?.tier !== policy.tier || below?.kind === 'rule') return undefined;
  const over = above.kind === 'tier' ? [] : policies.slice(0, policies.indexOf(above.policy) + 1);
  return policyAt(policies, policy, beside(over, policy).length);
}

/** The heads over a row: its tier's, and its policy's. */
export function headsOver(rows: readonly TreeRow[], index: number): readonly number[] {
  const heads: number[] = [];
  for (let at = Math.min(index, rows.length - 1); at >= 0; at--) {
    const { kind } = rows[at]!;
    if (kind === 'policy' && heads.length === 0) heads.push(at);
    if (kind === 'tier') return [at, ...heads];
  }
  return heads;
}
