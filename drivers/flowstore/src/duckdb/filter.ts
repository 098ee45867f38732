import type { DuckDBValue } from '@duckdb/node-api';
import { parseAddressRange, requireAddressRange } from '../address.ts';
import type { FlowFilter } from '../store.ts';
import { FLOW_KEY, UPDATES } from './schema.ts';

/** A condition with `?` for each of its parameters. Text from outside is only ever a parameter. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly DuckDBValue[];
}

/** @throws FlowStoreError `FLOWSTORE_BAD_FILTER` */
export function whereClause(filter: FlowFilter): Condition {
  const conditions = [...conditionsOf(filter)];
  return {
    sql: conditions.length === 0 ? 'true' : conditions.map(({ sql }) => `(${sql})`).join(' AND '),
    params: conditions.flatMap(({ params }) => params),
  };
}

function* conditionsOf(filter: FlowFilter): Generator<Condition> {
  yield* withinTime(filter);
  if (filter.tenants !== undefined) yield inTenants(filter.tenants);
  if (filter.vmId !== undefined && filter.peerVmId !== undefined) {
    yield {
      sql: '(src_vm = ? AND dst_vm = ?) OR (dst_vm = ? AND src_vm = ?)',
      params: twice(filter.vmId, filter.peerVmId),
    };
  } else {
    yield* eitherEnd('vm', filter.vmId ?? filter.peerVmId);
  }
  yield* eitherEnd('tenant', filter.tenantId);
  yield* eitherEnd('port', filter.port);
  yield* equals('host', filter.hostId);
  yield* equals('network', filter.networkId);
  yield* equals('protocol', filter.protocol);
  yield* equals('verdict', filter.verdict);
  yield* equals('rule', filter.ruleId);
  yield* equals('rule_num', filter.ruleNum);
  if (filter.exceptRuleNums?.length) yield exceptRules(filter.exceptRuleNums);
  if (filter.vmIds !== undefined) yield amongVms(filter.vmIds);
  const besides = [...saidOfPending(filter), ...saidOfInspection(filter)];
  if (besides.length > 0) yield ofFlowsThat([...withinTime(filter), ...besides]);
  if (filter.address) yield inRange(requireAddressRange(filter.address));
  if (filter.text) yield containsText(filter.text);
}

function* withinTime({ fromMs, toMs }: FlowFilter): Generator<Condition> {
  if (fromMs !== undefined) yield { sql: 'end_ms >= ?', params: [BigInt(Math.ceil(fromMs))] };
  if (toMs !== undefined) yield { sql: 'end_ms < ?', params: [BigInt(Math.ceil(toMs))] };
}

function* saidOfPending({ pending, pendingRuleNum }: FlowFilter): Generator<Condition> {
  yield* equals('pending_rule_num', pendingRuleNum);
  if (pending === 'differs') yield { sql: 'pending_verdict <> verdict', params: [] };
  else yield* equals('pending_verdict', pending);
}

function* saidOfInspection({ inspection, gatewayId, application, name, risk }: FlowFilter): Generator<Condition> {
  yield* equals('inspection', inspection);
  yield* equals('gateway', gatewayId);
  if (application !== undefined)
    yield { sql: "list_contains(string_split(lower(application), '.'), ?)", params: [application.toLowerCase()] };
  if (name !== undefined) yield { sql: 'contains(lower(server_name), ?)', params: [name.toLowerCase()] };
  if (risk !== undefined) yield { sql: 'get_bit(risks::BIT, ?) = 1', params: [63 - risk] };
}

/** All updates of flows of which one says so: the first may have come before that was known. */
function ofFlowsThat(which: readonly Condition[]): Condition {
  return {
    sql: `(${FLOW_KEY}) IN (SELECT (${FLOW_KEY}) FROM ${UPDATES} WHERE ${which.map(({ sql }) => sql).join(' AND ')})`,
    params: which.flatMap(({ params }) => params),
  };
}

function twice(a: string, b: string): DuckDBValue[] {
  return [a, b, a, b];
}

export function* equals(column: string, value: string | number | undefined): Generator<Condition> {
  if (value !== undefined) yield { sql: `${column} = ?`, params: [value] };
}

function* eitherEnd(column: string, value: string | number | undefined): Generator<Condition> {
  if (value !== undefined) yield { sql: `src_${column} = ? OR dst_${column} = ?`, params: [value, value] };
}

function inTenants(tenants: readonly string[]): Condition {
  if (tenants.length === 0) return { sql: 'false', params: [] };
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

function inRange({ low, high }: { low: bigint; high: bigint }): Condition {
  const bounds = 'BETWEEN CAST(? AS UHUGEINT) AND CAST(? AS UHUGEINT)';
  const params = [`${low}`, `${high}`, `${low}`, `${high}`];
  return { sql: `src_ip ${bounds} OR dst_ip ${bounds}`, params };
}

const TEXT_COLUMNS = ['src_mac', 'dst_mac', 'src_vm', 'dst_vm', 'src_vnic', 'dst_vnic', 'host', 'network', 'rule'];

function containsText(text: string): Condition {
  const range = parseAddressRange(text);
  if (range !== null) return inRange(range);
  const sought = text.toLowerCase();
  return {
    sql: TEXT_COLUMNS.map((column) => `contains(lower(${column}), ?)`).join(' OR '),
    params: TEXT_COLUMNS.map(() => sought),
  };
}
