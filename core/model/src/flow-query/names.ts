import { closest } from '../closest.ts';
import { type FlowCondition, type FlowExpression, foldCase } from './expression.ts';
import { FLOW_FIELDS, type NamedThing } from './fields.ts';
import { type FlowQueryMistake, FlowQueryRefusal } from './mistakes.ts';

/** Something that has a name: its id, or the number of a rule. Several may be called the same. */
export interface NamedValue {
  readonly name: string;
  readonly value: string | number;
}

/** Everything of a kind that the reader may know of. */
export type NamesOf = (thing: NamedThing) => readonly NamedValue[];

/** A filter whose names are looked up; a name of nothing is a mistake, for nobody means it. */
export function resolveNames(
  expression: FlowExpression,
  namesOf: NamesOf,
): { readonly expression: FlowExpression } | { readonly mistake: FlowQueryMistake } {
  try {
    return { expression: resolved(expression, namesOf) };
  } catch (error) {
    if (error instanceof FlowQueryRefusal) return { mistake: error.mistake };
    throw error;
  }
}

function resolved(expression: FlowExpression, namesOf: NamesOf): FlowExpression {
  if (expression.op === 'not') return { op: 'not', of: resolved(expression.of, namesOf) };
  if (expression.op !== 'test') return { ...expression, of: expression.of.map((one) => resolved(one, namesOf)) };
  const field = FLOW_FIELDS[expression.field];
  if (expression.is.kind !== 'named' || field.kind !== 'named') return expression;
  return { ...expression, is: lookUp(expression.is, field.thing, namesOf(field.thing)) };
}

function lookUp(
  { how, name, at }: FlowCondition & { kind: 'named' },
  thing: NamedThing,
  all: readonly NamedValue[],
): FlowCondition {
  const sought = foldCase(name);
  const found = all.filter((one) => {
    const folded = foldCase(one.name);
    if (how === 'contains') return folded.includes(sought);
    return how === 'prefix' ? folded.startsWith(sought) : folded === sought;
  });
  if (how === 'equals' && found.length === 0) {
    const names = [...new Set(all.map((one) => one.name))];
    const close = closest(name, names).join(', ');
    throw new FlowQueryRefusal({ code: 'flow-query-name', params: { at, thing, name: name.slice(0, 100), close } });
  }
  const values = found.map(({ value }) => (typeof value === 'string' ? value.toLowerCase() : value));
  return { kind: 'one-of', values: [...new Set(values)] };
}
