import type { Id } from './ids.ts';

/**
 * What makes one list of rules another: of thousands of rules only those that differ go over the wire. What is placed is new
 * or stood elsewhere, and stands before a rule that stays where it is (null: at the end), in the order in which it is told.
 */
export interface RulePatch<R> {
  readonly changed: readonly R[];
  readonly removed: readonly Id[];
  readonly placed: readonly { readonly rule: R; readonly before: Id | null }[];
}

interface Identified {
  readonly id?: Id | undefined;
}

/** The rules as a patch makes them. What it names must be there: {@link unknownInPatch}. */
export function patchRules<R extends Identified>(rules: readonly R[], patch: RulePatch<R>): R[] {
  const gone = goneBy(patch);
  const changed = new Map(patch.changed.map((rule) => [rule.id, rule]));
  const placed = Map.groupBy(patch.placed, ({ before }) => before);
  const before = (id: Id | null) => placed.get(id)?.map(({ rule }) => rule) ?? [];
  const stay = rules.filter(({ id }) => id === undefined || !gone.has(id));
  return [
    ...stay.flatMap((rule) => (rule.id === undefined ? rule : [...before(rule.id), changed.get(rule.id) ?? rule])),
    ...before(null),
  ];
}

/** Rules that a patch names and that are not among these, or do not stay where they are. */
export function unknownInPatch<R extends Identified>(rules: readonly Identified[], patch: RulePatch<R>): Id[] {
  const there = new Set(rules.map(({ id }) => id));
  const gone = goneBy(patch);
  return [
    ...patch.removed.filter((id) => !there.has(id)),
    ...[...patch.changed, ...patch.placed.map(({ rule }) => rule)].flatMap(({ id }) =>
      id === undefined || there.has(id) ? [] : [id],
    ),
    ...[...patch.changed.map(({ id }) => id), ...patch.placed.map(({ before }) => before)].flatMap((id) =>
      typeof id === 'string' && (!there.has(id) || gone.has(id)) ? [id] : [],
    ),
  ];
}

const goneBy = <R extends Identified>({ removed, placed }: RulePatch<R>): ReadonlySet<Id> =>
  new Set([...removed, ...placed.flatMap(({ rule }) => rule.id ?? [])]);
