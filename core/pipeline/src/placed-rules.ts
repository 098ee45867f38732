import { FIRST_RULE_NUM, type HostIntentPatch, type IntentRule, TIERS, type Tier } from '@hypervigil/model';
import { PipelineError } from './errors.ts';
import { allocatePriorities } from './priorities.ts';

/** A rule with its place in its tier's table. */
export interface PlacedRule {
  readonly rule: IntentRule;
  /** Watched only: it decides the pending verdict. */
  readonly staged: boolean;
  readonly priority: number;
}

/** Changes of the rules that decide and of those that are only watched. */
export type RulePatch = Pick<HostIntentPatch, 'rules' | 'staged'>;

/**
 * The rules after a patch, each with its priority: the one it had before, or in `previous` (an earlier pipeline), as far
 * as order allows. Throws {@link PipelineError} for rules that cannot become flows.
 */
export function placeRules(
  before: ReadonlyMap<string, PlacedRule>,
  patch: RulePatch,
  previous: ReadonlyMap<string, number>,
): Map<string, PlacedRule> {
  const rows = new Map([...before.values()].map(({ rule, staged }) => [rule.key, { rule, staged }]));
  // All out before any comes in: a rule that is promoted leaves the one list for the other.
  for (const key of [...patch.rules.remove, ...patch.staged.remove]) rows.delete(key);
  for (const rule of patch.rules.upsert) rows.set(rule.key, { rule, staged: false });
  for (const rule of patch.staged.upsert) rows.set(rule.key, { rule, staged: true });
  checkNumbers(rows.values());

  const placed = new Map<string, PlacedRule>();
  const tiers = Map.groupBy(rows.values(), ({ rule }) => rule.tier);
  for (const tier of TIERS) {
    const rules = (tiers.get(tier) ?? []).sort((a, b) => a.rule.order - b.rule.order);
    const old = new Map<string, number>();
    for (const { rule } of rules) {
      const { key } = rule;
      const priority = priorityIn(tier, before.get(key)) ?? previous.get(key);
      if (priority !== undefined) old.set(key, priority);
    }
    const priorities = allocatePriorities(
      rules.map(({ rule }) => rule.key),
      old,
    );
    for (const row of rules) placed.set(row.rule.key, { ...row, priority: priorities.get(row.rule.key)! });
  }
  return placed;
}

function priorityIn(tier: Tier, placed: PlacedRule | undefined): number | undefined {
  return placed?.rule.tier === tier ? placed.priority : undefined;
}

/** A rule's number names its conjunction, its samples and its connections: it is its own and nobody else's. */
function checkNumbers(rules: Iterable<Pick<PlacedRule, 'rule'>>): void {
  const nums = new Set<number>();
  for (const { rule } of rules) {
    const { num } = rule;
    if (num < FIRST_RULE_NUM) throw new PipelineError('reserved-rule', `rule number ${num} is the pipeline's own`);
    if (nums.has(num)) throw new PipelineError('duplicate-rule', `two rules have number ${num}`);
    nums.add(num);
  }
}

/** Whether two placed rules make the same flows: their order counts only through the priority. */
export function samePlaced(a: PlacedRule, b: PlacedRule): boolean {
  return (
    a.priority === b.priority &&
    a.staged === b.staged &&
    JSON.stringify({ ...a.rule, order: 0 }) === JSON.stringify({ ...b.rule, order: 0 })
  );
}
