import type { FlowCondition, FlowExpression, FlowFieldName } from '@hypervigil/model';
import { FlowStoreError } from '../errors.ts';
import { ALWAYS, allOf, anyOf, type Condition, NEVER, notSo } from './condition.ts';
import type { Dialect } from './dialect.ts';
import { type FieldSql, flowSql, rowSql } from './field-sql.ts';
import { inPrefix } from './prefix.ts';

/**
 * What an expression asks of a whole flow: of the sum of its updates.
 * @throws FlowStoreError `FLOWSTORE_BAD_FILTER`
 */
export const flowCondition = (dialect: Dialect, expression: FlowExpression): Condition =>
  compiled(dialect, expression, false, flowSql(dialect));

/**
 * What every update of a flow that is right must be like, whatever the sum of them: exactly the expression where it speaks
 * of nothing else ({@link isOfUpdates}), and otherwise less than it.
 */
export const rowCondition = (dialect: Dialect, expression: FlowExpression): Condition =>
  compiled(dialect, expression, false, rowSql);

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
  dialect: Dialect,
  expression: FlowExpression,
  negated: boolean,
  sqlOf: (field: FlowFieldName) => readonly FieldSql[],
): Condition {
  if (expression.op === 'not') return compiled(dialect, expression.of, !negated, sqlOf);
  if (expression.op !== 'test') {
    const parts = expression.of.map((one) => compiled(dialect, one, negated, sqlOf));
    return (expression.op === 'and') !== negated ? allOf(parts) : anyOf(parts);
  }
  const sides = sqlOf(expression.field);
  if (sides.length === 0) return ALWAYS;
  const tests = sides.map((side) => tested(dialect, side, expression.is));
  return negated ? allOf(tests.map(notSo)) : anyOf(tests);
}

function tested(dialect: Dialect, field: FieldSql, is: FlowCondition): Condition {
  const { sql } = field;
  switch (is.kind) {
    case 'none':
      return { sql: missing(dialect, field), params: [] };
    case 'text':
      return textTest(dialect, field, is);
    case 'within':
      return allOf([
        ...bound(`${sql} >= ${dialect.integer}`, is.low),
        ...bound(`${sql} <= ${dialect.integer}`, is.high),
      ]);
    case 'address':
      return inPrefix(dialect, sql, is);
    case 'one-of':
      return oneOf(dialect, field, is.values);
    case 'named':
      throw new FlowStoreError('FLOWSTORE_BAD_FILTER', `The name ${JSON.stringify(is.name)} was not looked up.`);
  }
}

function missing(dialect: Dialect, { sql, holds }: FieldSql): string {
  switch (holds) {
    case 'value':
      return `${sql} IS NULL`;
    case 'list':
      return dialect.noneIn(sql);
    case 'bits':
      return `coalesce(${sql}, 0) = 0`;
    case 'address':
      return `${sql}_lo IS NULL`;
  }
}

function textTest(dialect: Dialect, field: FieldSql, { how, text }: FlowCondition & { kind: 'text' }): Condition {
  if (field.holds === 'list') return { sql: dialect.has(field.sql), params: [text] };
  const folded = field.folded ?? `lower(${field.sql})`;
  if (how === 'equals') return { sql: `${folded} = ?`, params: [text] };
  return { sql: how === 'prefix' ? dialect.startsWith(folded) : dialect.contains(folded), params: [text] };
}

const bound = (sql: string, value: number): Condition[] =>
  Number.isFinite(value) ? [{ sql, params: [BigInt(value)] }] : [];

/** More than these come as one parameter. */
const FEW = 20;
/** Each costs as much as the first. */
const FEW_OWNERS = 3;

function oneOf(dialect: Dialect, { sql, holds, owner }: FieldSql, values: readonly (string | number)[]): Condition {
  if (values.length === 0) return NEVER;
  if (holds === 'bits') {
    const mask = values.reduce<bigint>((sum, bit) => sum | (1n << BigInt(bit)), 0n);
    return { sql: dialect.hasBit(sql), params: [`${mask}`] };
  }
  // Neither ids, words nor numbers have a comma.
  if (holds === 'list') return { sql: dialect.hasAny(sql), params: [values.join(',')] };
  if (owner !== undefined && values.length <= FEW_OWNERS)
    return anyOf(values.map((value) => dialect.isOwnedBy(owner, String(value))));
  if (values.length <= FEW) return { sql: `${sql} IN (${values.map(() => '?').join(', ')})`, params: [...values] };
  const which = typeof values[0] === 'number' ? 'number' : 'text';
  return { sql: dialect.isAmong(sql, which), params: [values.join(',')] };
}
