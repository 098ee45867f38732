import {
  type HostIntentPatch,
  type IntentNetwork,
  type IntentRule,
  type IntentSet,
  type IntentTenant,
  type IntentVnic,
  TIERS,
  type Tier,
} from '@hypervigil/model';
import { PipelineError } from './errors.ts';
import { allocatePriorities } from './priorities.ts';
import type { Member, PlacedRule, Side } from './rule-flows.ts';

export interface StoredSet {
  readonly tenant: number | null;
  readonly members: Map<string, Member>;
}

/** A host intent as the pipeline keeps it: by number, with rules found from the sets that they use. */
export interface IntentState {
  readonly networks: Map<number, IntentNetwork>;
  readonly tenants: Map<number, IntentTenant>;
  readonly vnics: Map<number, IntentVnic>;
  readonly sets: Map<number, StoredSet>;
  readonly rules: Map<string, PlacedRule>;
}

export const emptyState = (): IntentState => ({
  networks: new Map(),
  tenants: new Map(),
  vnics: new Map(),
  sets: new Map(),
  rules: new Map(),
});

export const memberKey = ({ network, cidr }: Member): string => `${network ?? '*'} ${cidr}`;

export function storeSet({ tenant, members }: IntentSet): StoredSet {
  return { tenant, members: new Map(members.map((member) => [memberKey(member), member])) };
}

/** Which sets a rule uses, and on which side. */
export function* usesOf(rule: IntentRule): Iterable<readonly [side: Side, set: number]> {
  for (const set of new Set(rule.from)) yield ['from', set];
  for (const set of new Set(rule.to)) yield ['to', set];
}

/** Rules by the sets that they use. */
export type RuleIndex = Map<number, Map<string, readonly Side[]>>;

/** The rules after a patch, each with its priority; those that stay as they were keep theirs where they can. */
export function placeRules(
  before: ReadonlyMap<string, PlacedRule>,
  patch: HostIntentPatch['rules'],
  previous: ReadonlyMap<string, number>,
): Map<string, PlacedRule> {
  const rows = new Map([...before.values()].map(({ rule }) => [rule.key, rule]));
  for (const key of patch.remove) rows.delete(key);
  for (const rule of patch.upsert) rows.set(rule.key, rule);
  refuseTwins(rows.values());

  const placed = new Map<string, PlacedRule>();
  for (const tier of TIERS) {
    const inTier = [...rows.values()].filter((rule) => rule.tier === tier).sort((a, b) => a.order - b.order);
    const old = new Map<string, number>();
    for (const { key } of inTier) {
      const priority = priorityIn(tier, before.get(key)) ?? previous.get(key);
      if (priority !== undefined) old.set(key, priority);
    }
    const priorities = allocatePriorities(
      inTier.map(({ key }) => key),
      old,
    );
    for (const rule of inTier) placed.set(rule.key, { rule, priority: priorities.get(rule.key) ?? 0 });
  }
  return placed;
}

function priorityIn(tier: Tier, placed: PlacedRule | undefined): number | undefined {
  return placed?.rule.tier === tier ? placed.priority : undefined;
}

/** A rule's number names its conjunction and its samples, so two rules cannot share one. */
function refuseTwins(rules: Iterable<IntentRule>): void {
  const nums = new Set<number>();
  for (const { num } of rules) {
    if (nums.has(num)) throw new PipelineError('duplicate-rule', `two rules have number ${num}`);
    nums.add(num);
  }
}

/** Whether two placed rules make the same flows: their order counts only through the priority. */
export function samePlaced(a: PlacedRule, b: PlacedRule): boolean {
  return (
    a.priority === b.priority && JSON.stringify({ ...a.rule, order: 0 }) === JSON.stringify({ ...b.rule, order: 0 })
  );
}
