import type { FlowExpression } from '@hypervigil/model';
import { allOf, type Condition, type Param } from '../sql/condition.ts';
import { rowConditions, saidConditions, withinTime } from '../sql/conditions.ts';
import { fieldsOf, flowCondition, isOfUpdates } from '../sql/expression.ts';
import { INSPECTION_FIELDS } from '../sql/field-sql.ts';
import { FLOW_KEY } from '../sql/names.ts';
import type { FlowFilter } from '../store.ts';
import { DUCKDB } from './dialect.ts';
import { BOTH_HOSTS, flowsOf, INSPECTED_BY_EITHER } from './judged.ts';
import { isOneOf } from './owners.ts';
import { readable } from './readable.ts';
import { UPDATES } from './schema.ts';

/** Updates that a filter asks for: where they stand, and what is true of them. `params` are those of both, in this order. */
export interface Selection {
  readonly source: string;
  readonly where: string;
  readonly params: readonly Param[];
}

/** @throws FlowStoreError `FLOWSTORE_BAD_FILTER` */
export function selection(filter: FlowFilter): Selection {
  const source = sourceOf(filter);
  const rows = rowConditions(DUCKDB, filter);
  const besides = saidConditions(DUCKDB, filter);
  const { expression } = filter;
  const all = [
    ...rows,
    ...(besides.length > 0 ? [ofFlowsWith(source, [...withinTime(filter), ...besides])] : []),
    ...(expression && !isOfUpdates(expression) ? [ofFlowsThat(source, allOf(rows), expression)] : []),
  ];
  const { sql, params } = allOf(all);
  return { source: source.sql, where: sql, params: [...source.params, ...params] };
}

/** All updates, or those of a reader, without what the reader may not know: whatever is asked of them, nothing else can answer. */
function sourceOf({ reader }: FlowFilter): Condition {
  if (reader === undefined) return { sql: readable(UPDATES), params: [] };
  const { tenantId, policies } = reader;
  const parts: Condition[] = [
    ...(['src', 'dst'] as const).map((end) => ({
      sql: `CASE WHEN ${isOneOf(end, 'tenant', 1)} THEN ${end}_owner END AS ${end}_owner`,
      params: [tenantId],
    })),
    ...[
      ['policy', 'rule', 'policy', 'tier'],
      ['pending_policy', 'pending_rule', 'pending_policy'],
    ].flatMap(([owner, ...names]) =>
      names.map((name) => ({
        sql: `CASE WHEN list_contains(string_split(?, ','), ${owner}) THEN ${name} END AS ${name}`,
        params: [policies.join(',')],
      })),
    ),
    ...['gateway', 'later_gateways'].map((name) => ({ sql: `CAST(NULL AS VARCHAR) AS ${name}`, params: [] })),
    { sql: 'CAST(NULL AS USMALLINT) AS gateway_num', params: [] },
  ];
  const cut = `SELECT * REPLACE (${parts.map(({ sql }) => sql).join(', ')}) FROM ${UPDATES}`;
  return {
    sql: readable(`(${cut} WHERE ${isOneOf('src', 'tenant', 1)} OR ${isOneOf('dst', 'tenant', 1)})`),
    params: [...parts.flatMap(({ params }) => params), tenantId, tenantId],
  };
}

/** All updates of flows of which one says so: the first may have come before that was known. */
function ofFlowsWith(source: Condition, which: readonly Condition[]): Condition {
  const { sql, params } = allOf(which);
  return {
    sql: `(${FLOW_KEY}) IN (SELECT (${FLOW_KEY}) FROM ${source.sql} WHERE ${sql})`,
    params: [...source.params, ...params],
  };
}

/** All updates of flows of which the sum says so. */
function ofFlowsThat(source: Condition, rows: Condition, expression: FlowExpression): Condition {
  const sums = flowsOf(source.sql, rows.sql);
  const inspected = fieldsOf(expression).some((field) => INSPECTION_FIELDS.includes(field));
  const flows = inspected ? `SELECT * REPLACE (${INSPECTED_BY_EITHER}) FROM (${sums}) WINDOW ${BOTH_HOSTS}` : sums;
  const { sql, params } = flowCondition(DUCKDB, expression);
  return {
    sql: `(${FLOW_KEY}) IN (SELECT (${FLOW_KEY}) FROM (${flows}) WHERE ${sql})`,
    params: [...source.params, ...rows.params, ...params],
  };
}
