import { diffFields, type FieldChange, longestRising } from '@hypervigil/policy';
import type { DocumentRule } from '../document/schema.ts';

export interface RuleChange {
  readonly action: 'create' | 'update' | 'delete' | 'move';
  readonly name: string;
  /** Its place in the policy, from 1; of a rule that goes, the one that it had. */
  readonly place: number;
  /** The place that it had, if it stands elsewhere among the others now. */
  readonly from?: number;
  readonly fields: readonly FieldChange[];
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
