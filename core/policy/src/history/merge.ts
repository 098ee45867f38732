import type { Id, InspectInput, Policy, Rule } from '@hypervigil/model';
import { equal } from './equal.ts';

type Row = Omit<Rule, 'id' | 'num' | 'inspect'> & {
  readonly id?: Id | undefined;
  readonly inspect?: InspectInput | undefined;
};

/** A policy as somebody sends it: rules without an id are new. */
export type Edited = Pick<Policy, 'name' | 'description' | 'tier' | 'tenantId' | 'order' | 'enabled'> & {
  readonly rules: readonly Row[];
};

/** Both changed the same thing, each otherwise. */
export interface Conflict {
  /** Place among the rules of `mine`; null for the policy itself, and for a rule that is not there any more. */
  readonly place: number | null;
  /** Name of the rule; null for the policy itself. */
  readonly rule: string | null;
  /** `rules` is their order; `rule` that one removed what the other changed. */
  readonly field: string;
}

export type Merged = { readonly policy: Edited } | { readonly conflicts: readonly Conflict[] };

const FIELDS = ['name', 'description', 'tier', 'tenantId', 'order', 'enabled'] as const;

/**
 * What two people made of one policy, as one: what only one of them changed is as he says, rule by rule and field by field.
 * A side of a rule is one field, for what it means is all of its parts together.
 */
export function mergePolicy(base: Edited, mine: Edited, theirs: Edited): Merged {
  const conflicts: Conflict[] = [];
  const fields = mergeFields(base, mine, theirs, FIELDS, (field) => conflicts.push({ place: null, rule: null, field }));
  const rules = mergeRules(base.rules, mine.rules, theirs.rules, (conflict) => conflicts.push(conflict));
  return conflicts.length > 0 ? { conflicts } : { policy: { ...fields, rules } };
}

function mergeFields<T extends object>(
  base: T,
  mine: T,
  theirs: T,
  fields: readonly (keyof T & string)[],
  clash: (field: string) => void,
): T {
  const merged = { ...mine };
  for (const field of fields) {
    if (equal(mine[field], theirs[field]) || equal(theirs[field], base[field])) continue;
    if (equal(mine[field], base[field])) merged[field] = theirs[field];
    else clash(field);
  }
  return merged;
}

function mergeRules(
  base: readonly Row[],
  mine: readonly Row[],
  theirs: readonly Row[],
  clash: (conflict: Conflict) => void,
): Row[] {
  const [old, left, right] = [base, mine, theirs].map(byId) as [Known, Known, Known];
  const places = new Map(mine.flatMap((rule, place) => (rule.id === undefined ? [] : [[rule.id, place]])));
  const merged = new Map<Id, Row>();
  for (const id of new Set([...left.keys(), ...right.keys()])) {
    const [was, my, their] = [old.get(id), left.get(id), right.get(id)];
    if (my !== undefined && their !== undefined) {
      const at = (field: string) => clash({ place: places.get(id)!, rule: my.name, field });
      merged.set(id, mergeFields(was ?? their, my, their, Object.keys(my) as (keyof Row & string)[], at));
    } else {
      const kept = (my ?? their)!;
      if (was === undefined) merged.set(id, kept);
      // One removed it. The other must not have changed it meanwhile.
      else if (!equal(was, kept)) clash({ place: places.get(id) ?? null, rule: kept.name, field: 'rule' });
    }
  }
  const common = (rules: readonly Row[]) => idsOf(rules).filter((id) => old.has(id) && left.has(id) && right.has(id));
  const [was, my, their] = [common(base), common(mine), common(theirs)];
  const moved = { mine: !equal(my, was), theirs: !equal(their, was) };
  if (moved.mine && moved.theirs && !equal(my, their)) clash({ place: null, rule: null, field: 'rules' });
  return moved.theirs ? inserted(theirs, mine, merged) : inserted(mine, theirs, merged);
}

/** The order of one, with what only the other has after what it stands behind there. */
function inserted(order: readonly Row[], other: readonly Row[], merged: ReadonlyMap<Id, Row>): Row[] {
  const stays = ({ id }: Row) => id === undefined || merged.has(id);
  const rules = order.filter(stays);
  const there = new Set(rules.map(keyOf));
  let before: Row | undefined;
  for (const rule of other.filter(stays)) {
    if (!there.has(keyOf(rule))) {
      const behind = before === undefined ? -1 : rules.findIndex((one) => keyOf(one) === keyOf(before!));
      rules.splice(behind + 1, 0, rule);
    }
    before = rule;
  }
  return rules.map((rule) => (rule.id === undefined ? rule : merged.get(rule.id)!));
}

/** A new rule is known by itself alone. */
const keyOf = (rule: Row): Id | Row => rule.id ?? rule;

type Known = ReadonlyMap<Id, Row>;
const byId = (rules: readonly Row[]): Known =>
  new Map(rules.flatMap((rule) => (rule.id === undefined ? [] : [[rule.id, rule]])));
const idsOf = (rules: readonly Row[]): Id[] => rules.flatMap(({ id }) => id ?? []);
