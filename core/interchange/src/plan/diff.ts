import type { DocumentRule } from '../document/schema.ts';
import { equal } from '../equal.ts';

/** A field that differs, as a path (`from.groups`). Undefined where there is none, before or after. */
export interface FieldChange {
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface RuleChange {
  readonly action: 'create' | 'update' | 'delete' | 'move';
  readonly name: string;
  /** Its place in the policy, from 1; of a rule that goes, the one that it had. */
  readonly place: number;
  /** The place that it had, if it stands elsewhere among the others now. */
  readonly from?: number;
  readonly fields: readonly FieldChange[];
}

/** What differs between two objects, field by field; objects within are entered, lists are compared whole. */
export function diffFields(before: object | undefined, after: object | undefined): FieldChange[] {
  const [old, now] = [leaves(before), leaves(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((field) => !equal(old.get(field), now.get(field)))
    .map((field) => ({
      field,
      ...(old.has(field) ? { before: old.get(field) } : {}),
      ...(now.has(field) ? { after: now.get(field) } : {}),
    }));
}

function leaves(value: object | undefined, path = '', found = new Map<string, unknown>()): Map<string, unknown> {
  for (const [key, field] of Object.entries(value ?? {})) {
    if (typeof field === 'object' && field !== null && !Array.isArray(field)) leaves(field, `${path}${key}.`, found);
    else found.set(path + key, field);
  }
  return found;
}

/** Rules are the same rule when they have the same name. Those that moved are the fewest that explain the new order. */
export function diffRules(before: readonly DocumentRule[], after: readonly DocumentRule[]): RuleChange[] {
  const old = new Map(before.map((rule, i) => [rule.name, { rule, place: i + 1 }]));
  const names = new Set(after.map(({ name }) => name));
  const stayed = longestRising(after.flatMap(({ name }) => old.get(name)?.place ?? []));
  const deleted = before.flatMap(({ name }, i): RuleChange[] =>
    names.has(name) ? [] : [{ action: 'delete', name, place: i + 1, fields: [] }],
  );
  const kept = after.flatMap((rule, i): RuleChange[] => {
    const was = old.get(rule.name);
    const place = i + 1;
    if (was === undefined) return [{ action: 'create', name: rule.name, place, fields: diffFields(undefined, rule) }];
    const fields = diffFields(was.rule, rule);
    const moved = stayed.has(was.place) ? {} : { from: was.place };
    if (fields.length > 0) return [{ action: 'update', name: rule.name, place, ...moved, fields }];
    return 'from' in moved ? [{ action: 'move', name: rule.name, place, ...moved, fields }] : [];
  });
  return [...deleted, ...kept];
}

/** The members of a longest rising subsequence of distinct numbers (patience sorting). */
function longestRising(numbers: readonly number[]): Set<number> {
  const piles: number[] = [];
  const below = new Map<number, number | undefined>();
  for (const n of numbers) {
    let low = 0;
    let high = piles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (piles[middle]! < n) low = middle + 1;
      else high = middle;
    }
    piles[low] = n;
    below.set(n, piles[low - 1]);
  }
  const rising = new Set<number>();
  for (let n = piles.at(-1); n !== undefined; n = below.get(n)) rising.add(n);
  return rising;
}
