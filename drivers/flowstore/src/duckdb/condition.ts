import type { DuckDBValue } from '@duckdb/node-api';

/** A condition with `?` for each of its parameters. Text from outside is only ever a parameter. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly DuckDBValue[];
}

export const ALWAYS: Condition = { sql: 'true', params: [] };
export const NEVER: Condition = { sql: 'false', params: [] };

export function allOf(conditions: readonly Condition[]): Condition {
  const some = conditions.filter((one) => one !== ALWAYS);
  return some.length === 0 ? ALWAYS : joined(some, 'AND');
}

export function anyOf(conditions: readonly Condition[]): Condition {
  if (conditions.includes(ALWAYS)) return ALWAYS;
  return conditions.length === 0 ? NEVER : joined(conditions, 'OR');
}

/** Of what is not known, it is true that it is not so. */
export const notSo = ({ sql, params }: Condition): Condition => ({ sql: `NOT coalesce((${sql}), false)`, params });

const joined = (conditions: readonly Condition[], operator: 'AND' | 'OR'): Condition => ({
  sql: conditions.map(({ sql }) => `(${sql})`).join(` ${operator} `),
  params: conditions.flatMap(({ params }) => params),
});
