/** What stands for a `?`. */
export type Param = string | number | bigint;

/** A condition with `?` for each of its parameters. Text from outside is only ever a parameter. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly Param[];
}

export const ALWAYS: Condition = { sql: '1 = 1', params: [] };
export const NEVER: Condition = { sql: '1 = 0', params: [] };

export function allOf(conditions: readonly Condition[]): Condition {
  const some = conditions.filter((one) => one !== ALWAYS);
  return some.length === 0 ? ALWAYS : joined(some, 'AND');
}

export function anyOf(conditions: readonly Condition[]): Condition {
  if (conditions.includes(ALWAYS)) return ALWAYS;
  return conditions.length === 0 ? NEVER : joined(conditions, 'OR');
}

/** Of what is not known, it is true that it is not so. */
export const notSo = ({ sql, params }: Condition): Condition => ({ sql: `NOT coalesce((${sql}), 1 = 0)`, params });

const joined = (conditions: readonly Condition[], operator: 'AND' | 'OR'): Condition => ({
  sql: conditions.map(({ sql }) => `(${sql})`).join(` ${operator} `),
  params: conditions.flatMap(({ params }) => params),
});
