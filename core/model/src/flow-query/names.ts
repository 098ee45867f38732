import { closest } from '../closest.ts';
import { type FlowCondition, type FlowExpression, foldCase } from './expression.ts';
import { endOf, FLOW_FIELDS, type FlowFieldName, type NamedThing } from './fields.ts';
import { type FlowQueryMistake, FlowQueryRefusal } from './mistakes.ts';

/** Something that has a name: its id, or the number of a rule. Several may be called the same. */
export interface NamedValue {
  readonly name: string;
  readonly value: string | number;
  /** Of what flows are not recorded with: ids that stand there in its place. Of a group, its vNICs. */
  readonly members?: readonly string[];
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
  const { field, is } = expression;
  const kind = FLOW_FIELDS[field];
  if (kind.kind !== 'named') return expression;
  if (is.kind === 'none' && kind.thing === 'group') return inNoGroup(field, namesOf('group'));
  return is.kind === 'named' ? { ...expression, is: lookUp(is, kind.thing, namesOf(kind.thing)) } : expression;
}

/** Of one of the ends that the field speaks of: that no group has it. */
function inNoGroup(field: FlowFieldName, all: readonly NamedValue[]): FlowExpression {
  const is: FlowCondition = { kind: 'one-of', values: [...new Set(all.flatMap(valuesOf))] };
  const ends = endOf(field)!.sides.map((side): FlowExpression => {
    return { op: 'not', of: { op: 'test', field: `${side}.group`, is } };
  });
  return ends.length === 1 ? ends[0]! : { op: 'or', of: ends };
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
    if (how === 'prefix') return folded.startsWith(sought);
    return folded === sought || (thing === 'group' && one.value === sought);
  });
  if (how === 'equals' && found.length === 0) {
    const names = [...new Set(all.map((one) => one.name))];
    const close = closest(name, names).join(', ');
    throw new FlowQueryRefusal({ code: 'flow-query-name', params: { at, thing, name: name.slice(0, 100), close } });
  }
  return { kind: 'one-of', values: [...new Set(found.flatMap(valuesOf))] };
}

/** What flows are recorded with. */
const valuesOf = ({ value, members }: NamedValue): (string | number)[] =>
  (members ?? [value]).map((one) => (typeof one === 'string' ? one.toLowerCase() : one));
