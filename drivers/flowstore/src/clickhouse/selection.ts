import type { FlowExpression } from '@hypervigil/model';
import { allOf, type Condition } from '../sql/condition.ts';
import { rowConditions, saidConditions, withinTime } from '../sql/conditions.ts';
import { fieldsOf, flowCondition, isOfUpdates } from '../sql/expression.ts';
import { INSPECTION_FIELDS } from '../sql/field-sql.ts';
import { FLOW_KEY } from '../sql/names.ts';
import type { FlowFilter, FlowReader } from '../store.ts';
import { CLICKHOUSE } from './dialect.ts';
import { flowsOf, judgedFlows } from './judged.ts';
import { KIND, RECORDS, UPDATE_COLUMNS } from './schema.ts';
import { renamed } from './summed.ts';

/** All updates of a time. What the primary key tells is said where the table is read: servers do not bring it there. */
export const updatesWithin = (filter: FlowFilter): Condition =>
  allOf([{ sql: `record = ${KIND.update}`, params: [] }, ...withinTime(filter)]);

/**
 * The updates that a filter asks for, as what stands behind FROM.
 * @throws FlowStoreError `FLOWSTORE_BAD_FILTER`
 */
export function selection(filter: FlowFilter): Condition {
  const rows = rowConditions(CLICKHOUSE, filter);
  const said = saidConditions(CLICKHOUSE, filter);
  const { expression } = filter;
  return updatesOf(filter, [
    ...rows,
    ...(said.length > 0 ? [ofFlowsIn(updatesOf(filter, said))] : []),
    ...(expression && !isOfUpdates(expression) ? [ofFlowsThat(updatesOf(filter, rows), expression)] : []),
  ]);
}

function updatesOf(filter: FlowFilter, conditions: readonly Condition[]): Condition {
  const source = sourceOf(filter);
  const where = allOf([updatesWithin(filter), ...conditions]);
  return { sql: `${source.sql} WHERE ${where.sql}`, params: [...source.params, ...where.params] };
}

/** The table, or what a reader may know of it: whatever is asked of that, nothing else can answer. */
function sourceOf(filter: FlowFilter): Condition {
  if (filter.reader === undefined) return { sql: RECORDS, params: [] };
  const { tenantId } = filter.reader;
  const seen = allOf([
    updatesWithin(filter),
    { sql: 'src_tenant = ? OR dst_tenant = ?', params: [tenantId, tenantId] },
  ]);
  const columns = ['record', ...UPDATE_COLUMNS.map(({ name }) => name)].map(
    (name) => [name, seenBy(filter.reader!, name)] as const,
  );
  const sql = renamed(
    `${RECORDS} WHERE ${seen.sql}`,
    Object.fromEntries(columns.map(([name, one]) => [name, one.sql])),
  );
  return { sql: `(${sql})`, params: [...columns.flatMap(([, one]) => one.params), ...seen.params] };
}

/** Which policy a column tells of. */
const OF_POLICY: Readonly<Record<string, string>> = {
  ...{ rule: 'policy', policy: 'policy', tier: 'policy' },
  ...{ pending_rule: 'pending_policy', pending_policy: 'pending_policy' },
};
const OF_GATEWAYS = ['gateway', 'gateway_num', 'later_gateways'];

function seenBy({ tenantId, policies }: FlowReader, column: string): Condition {
  const [, side] = /^(src|dst)_(?:mac|vm|vnic|tenant)$/.exec(column) ?? [];
  if (side !== undefined) return { sql: `if(${side}_tenant = ?, ${column}, NULL)`, params: [tenantId] };
  const policy = OF_POLICY[column];
  if (policy !== undefined)
    return {
      sql: `if(isNotNull(${policy}) AND has(splitByChar(',', ?), ifNull(${policy}, '')), ${column}, NULL)`,
      params: [policies.join(',')],
    };
  // An expression of its type, which is what a server makes of NULL alone.
  return { sql: OF_GATEWAYS.includes(column) ? `if(record < 0, ${column}, NULL)` : column, params: [] };
}

const ofFlowsIn = ({ sql, params }: Condition): Condition => ({
  sql: `(${FLOW_KEY}) IN (SELECT ${FLOW_KEY} FROM ${sql})`,
  params,
});

/** All updates of flows of which the sum says so. */
function ofFlowsThat(updates: Condition, expression: FlowExpression): Condition {
  const inspected = fieldsOf(expression).some((field) => INSPECTION_FIELDS.includes(field));
  const flows = inspected ? judgedFlows(updates.sql) : flowsOf(updates.sql);
  const { sql, params } = flowCondition(CLICKHOUSE, expression);
  return ofFlowsIn({ sql: `(${flows}) WHERE ${sql}`, params: [...updates.params, ...params] });
}
