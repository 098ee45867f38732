import type { DuckDBValue } from '@duckdb/node-api';
import { type AddressRange, type FlowExpression, parseAddressRange } from '@hypervigil/model';
import { requireAddressRange } from '../address.ts';
import type { FlowFilter } from '../store.ts';
import { inPrefix } from './column.ts';
import { allOf, anyOf, type Condition, NEVER } from './condition.ts';
import { fieldsOf, flowCondition, isOfUpdates, rowCondition } from './expression.ts';
import { INSPECTION_FIELDS } from './field-sql.ts';
import { BOTH_HOSTS, flowsOf, INSPECTED_BY_EITHER } from './judged.ts';
import { withGateway } from './later-gateways.ts';
import { isOneOf, isOwnedBy, type OwnerPart } from './owners.ts';
import { readable } from './readable.ts';
import { FLOW_KEY, UPDATES } from './schema.ts';
import { withSignature } from './signatures.ts';

/** Updates that a filter asks for: where they stand, and what is true of them. `params` are those of both, in this order. */
export interface Selection {
  readonly source: string;
  readonly where: string;
  readonly params: DuckDBValue[];
}

/** @throws FlowStoreError `FLOWSTORE_BAD_FILTER` */
export function selection(filter: FlowFilter): Selection {
  const source = sourceOf(filter);
  const rows = rowConditions(filter);
  const besides = [...saidOfPending(filter), ...saidOfInspection(filter)];
  const { expression } = filter;
  const all = [
    ...rows,
    ...(besides.length > 0 ? [ofFlowsWith(source, [...withinTime(filter), ...besides])] : []),
    ...(expression && !isOfUpdates(expression) ? [ofFlowsThat(source, allOf(rows), expression)] : []),
  ];
  const { sql, params } = allOf(all);
  return { source: source.sql, where: sql, params: [...source.params, ...params] };
}

/** What an update alone tells. */
export const rowConditions = (filter: FlowFilter): Condition[] => [...conditionsOf(filter)];

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

function* conditionsOf(filter: FlowFilter): Generator<Condition> {
  yield* withinTime(filter);
  if (filter.tenants !== undefined) yield inTenants(filter.tenants);
  if (filter.vmId !== undefined && filter.peerVmId !== undefined) yield betweenVms(filter.vmId, filter.peerVmId);
  else yield* eitherOwner('vm', filter.vmId ?? filter.peerVmId);
  yield* eitherOwner('tenant', filter.tenantId);
  yield* eitherEnd('port', filter.port);
  yield* equals('host', filter.hostId);
  yield* equals('network', filter.networkId);
  yield* equals('protocol', filter.protocol);
  yield* equals('verdict', filter.verdict);
  yield* equals('rule', filter.ruleId);
  yield* equals('rule_num', filter.ruleNum);
  if (filter.exceptRuleNums?.length) yield exceptRules(filter.exceptRuleNums);
  if (filter.vmIds !== undefined) yield amongVms(filter.vmIds);
  if (filter.address) yield inRange(requireAddressRange(filter.address));
  if (filter.text) yield containsText(filter.text, filter.reader === undefined ? TEXT_COLUMNS : SEEN_TEXT_COLUMNS);
  if (filter.expression) yield rowCondition(filter.expression);
}

export function* withinTime({ fromMs, toMs }: FlowFilter): Generator<Condition> {
  if (fromMs !== undefined) yield { sql: 'end_ms >= ?', params: [BigInt(Math.ceil(fromMs))] };
  if (toMs !== undefined) yield { sql: 'end_ms < ?', params: [BigInt(Math.ceil(toMs))] };
}

function* saidOfPending({ pending, pendingRuleNum }: FlowFilter): Generator<Condition> {
  yield* equals('pending_rule_num', pendingRuleNum);
  if (pending === 'differs') yield { sql: 'pending_verdict <> verdict', params: [] };
  else yield* equals('pending_verdict', pending);
}

function* saidOfInspection({
  inspection,
  gatewayId,
  application,
  name,
  risk,
  signature,
}: FlowFilter): Generator<Condition> {
  yield* equals('inspection', inspection);
  if (gatewayId !== undefined)
    yield {
      sql: 'gateway = ? OR contains(later_gateways, ?)',
      params: [gatewayId, withGateway(gatewayId)],
    };
  if (application !== undefined)
    yield { sql: "list_contains(string_split(lower(application), '.'), ?)", params: [application.toLowerCase()] };
  if (name !== undefined) yield { sql: 'contains(lower(server_name), ?)', params: [name.toLowerCase()] };
  if (risk !== undefined) yield { sql: 'get_bit(risks::BIT, ?) = 1', params: [63 - risk] };
  if (signature !== undefined) yield { sql: 'contains(signatures, ?)', params: [withSignature(signature)] };
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
  const { sql, params } = flowCondition(expression);
  return {
    sql: `(${FLOW_KEY}) IN (SELECT (${FLOW_KEY}) FROM (${flows}) WHERE ${sql})`,
    params: [...source.params, ...rows.params, ...params],
  };
}

export function* equals(column: string, value: string | number | undefined): Generator<Condition> {
  if (value !== undefined) yield { sql: `${column} = ?`, params: [value] };
}

const SIDES = ['src', 'dst'] as const;

function* eitherOwner(part: OwnerPart['part'], value: string | undefined): Generator<Condition> {
  if (value !== undefined) yield anyOf(SIDES.map((side) => isOwnedBy({ side, part }, value)));
}

const betweenVms = (one: string, other: string): Condition => {
  const vm = (side: OwnerPart['side'], id: string) => isOwnedBy({ side, part: 'vm' }, id);
  return anyOf([allOf([vm('src', one), vm('dst', other)]), allOf([vm('dst', one), vm('src', other)])]);
};

function* eitherEnd(column: string, value: string | number | undefined): Generator<Condition> {
  if (value !== undefined) yield { sql: `src_${column} = ? OR dst_${column} = ?`, params: [value, value] };
}

function inTenants(tenants: readonly string[]): Condition {
  if (tenants.length === 0) return NEVER;
  const list = tenants.map(() => '?').join(', ');
  return { sql: `src_tenant IN (${list}) OR dst_tenant IN (${list})`, params: [...tenants, ...tenants] };
}

function exceptRules(nums: readonly number[]): Condition {
  return { sql: `rule_num NOT IN (${nums.map(() => '?').join(', ')})`, params: [...nums] };
}

/** One parameter however many VMs: ids have no comma. */
function amongVms(ids: readonly string[]): Condition {
  const list = "(SELECT unnest(string_split(?, ',')))";
  const text = ids.join(',');
  return { sql: `src_vm IN ${list} OR dst_vm IN ${list}`, params: [text, text] };
}

const inRange = (range: AddressRange): Condition => anyOf(['src_ip', 'dst_ip'].map((end) => inPrefix(end, range)));

const TEXT_COLUMNS = ['src_mac', 'dst_mac', 'src_vm', 'dst_vm', 'src_vnic', 'dst_vnic', 'host', 'network', 'rule'];
/** On which host it was is the provider's. */
const SEEN_TEXT_COLUMNS = TEXT_COLUMNS.filter((column) => column !== 'host');

function containsText(text: string, columns: readonly string[]): Condition {
  const range = parseAddressRange(text);
  if (range !== null) return inRange(range);
  const sought = text.toLowerCase();
  return {
    sql: columns.map((column) => `contains(lower(${column}), ?)`).join(' OR '),
    params: columns.map(() => sought),
  };
}
