import type { FlowCondition, FlowExpression, FlowFieldName } from '@hypervigil/model';
import { FlowStoreError } from '../errors.ts';
import { inPrefix } from './column.ts';
import { ALWAYS, allOf, anyOf, type Condition, NEVER, notSo } from './condition.ts';
import { type FieldSql, flowSql, rowSql } from './field-sql.ts';
import { isOwnedBy } from './owners.ts';

/**
 * What an expression asks of a whole flow: of the sum of its updates.
 * @throws FlowStoreError `FLOWSTORE_BAD_FILTER`
 */
export const flowCondition = (expression: FlowExpression): Condition => compiled(expression, false, flowSql);

/**
 * What every update of a flow that is right must be like, whatever the sum of them: exactly the expression where it speaks
 * of nothing else ({@link isOfUpdates}), and otherwise less than it.
 */
export const rowCondition = (expression: FlowExpression): Condition => compiled(expression, false, rowSql);

/** Whether each update alone tells whether its flow is right. */
export const isOfUpdates = (expression: FlowExpression): boolean =>
  fieldsOf(expression).every((field) => rowSql(field).length > 0);

/** In the order of the text, with repetition. */
export function fieldsOf(expression: FlowExpression): FlowFieldName[] {
  if (expression.op === 'test') return [expression.field];
  return expression.op === 'not' ? fieldsOf(expression.of) : expression.of.flatMap(fieldsOf);
}

/** Negation goes down to the tests, so that one of which nothing is known may always be left out. */
function compiled(
  expression: FlowExpression,
  negated: boolean,
  sqlOf: (field: FlowFieldName) => readonly FieldSql[],
): Condition {
  if (expression.op === 'not') return compiled(expression.of, !negated, sqlOf);
  if (expression.op !== 'test') {
    const parts = expression.of.map((one) => compiled(one, negated, sqlOf));
    return (expression.op === 'and') !== negated ? allOf(parts) : anyOf(parts);
  }
  const sides = sqlOf(expression.field);
  if (sides.length === 0) return ALWAYS;
  const tests = sides.map((side) => tested(side, expression.is));
  return negated ? allOf(tests.map(notSo)) : anyOf(tests);
}

function tested(field: FieldSql, is: FlowCondition): Condition {
  const { sql } = field;
  switch (is.kind) {
    case 'none':
      return { sql: MISSING[field.holds](sql), params: [] };
    case 'text':
      return textTest(field, is);
    case 'within':
      return allOf([...bound(`${sql} >= ?::BIGINT`, is.low), ...bound(`${sql} <= ?::BIGINT`, is.high)]);
    case 'address':
      return inPrefix(sql, is);
    case 'one-of':
      return oneOf(field, is.values);
    case 'named':
      throw new FlowStoreError('FLOWSTORE_BAD_FILTER', `The name ${JSON.stringify(is.name)} was not looked up.`);
  }
}

const MISSING: Readonly<Record<FieldSql['holds'], (sql: string) => string>> = {
  value: (sql) => `${sql} IS NULL`,
  list: (sql) => `${sql} IS NULL`,
  bits: (sql) => `coalesce(${sql}, 0) = 0`,
  address: (sql) => `${sql}_lo IS NULL`,
};

const MATCH = {
  equals: (text: string) => `${text} = ?`,
  contains: (text: string) => `contains(${text}, ?)`,
  prefix: (text: string) => `starts_with(${text}, ?)`,
};

function textTest({ sql, holds }: FieldSql, { how, text }: FlowCondition & { kind: 'text' }): Condition {
  if (holds === 'list') return { sql: `list_contains(${sql}, ?)`, params: [text] };
  return { sql: MATCH[how](`lower(${sql})`), params: [text] };
}

const bound = (sql: string, value: number): Condition[] =>
  Number.isFinite(value) ? [{ sql, params: [BigInt(value)] }] : [];

/** More than these come as one parameter. */
const FEW = 20;
/** Each costs as much as the first. */
const FEW_OWNERS = 3;

function oneOf({ sql, holds, owner }: FieldSql, values: readonly (string | number)[]): Condition {
  if (values.length === 0) return NEVER;
  if (holds === 'bits') {
    const mask = values.reduce<bigint>((sum, bit) => sum | (1n << BigInt(bit)), 0n);
    return { sql: `(${sql} & CAST(? AS UBIGINT)) <> 0`, params: [`${mask}`] };
  }
  // Neither ids, words nor numbers have a comma.
  if (holds === 'list') return { sql: `list_has_any(${sql}, string_split(?, ','))`, params: [values.join(',')] };
  if (owner !== undefined && values.length <= FEW_OWNERS)
    return anyOf(values.map((value) => isOwnedBy(owner, String(value))));
  if (values.length <= FEW) return { sql: `${sql} IN (${values.map(() => '?').join(', ')})`, params: [...values] };
  const type = typeof values[0] === 'number' ? '::BIGINT' : '';
  return { sql: `${sql} IN (SELECT unnest(string_split(?, ','))${type})`, params: [values.join(',')] };
}
