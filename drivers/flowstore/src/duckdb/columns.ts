import {
  BIGINT,
  type DuckDBType,
  type DuckDBValue,
  UBIGINT,
  UHUGEINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import { addressToNumber } from '../address.ts';
import { FlowStoreError } from '../errors.ts';
import type { FlowRow } from '../flow.ts';

/** A column of the table of updates: its SQL name and type, and where its value comes from. */
interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  readonly value: (row: FlowRow) => DuckDBValue;
}

const text = (name: string, get: (row: FlowRow) => string | null): Column => ({ name, type: VARCHAR, value: get });

const whole = (name: string, type: DuckDBType, max: number, get: (row: FlowRow) => number | null): Column => ({
  name,
  type,
  value(row) {
    const value = get(row);
    if (value === null) return null;
    if (!Number.isInteger(value) || value < 0 || value > max) throw badRow(name, value);
    return type === BIGINT ? BigInt(value) : value;
  },
});

const address = (name: string, get: (row: FlowRow) => string): Column => ({
  name,
  type: UHUGEINT,
  value(row) {
    const ip = get(row);
    if (ip === '') return null;
    const value = addressToNumber(ip);
    if (value === null) throw badRow(name, ip);
    return value;
  },
});

const u8 = (name: string, get: (row: FlowRow) => number | null) => whole(name, UTINYINT, 0xff, get);
const u16 = (name: string, get: (row: FlowRow) => number) => whole(name, USMALLINT, 0xffff, get);
const u32 = (name: string, get: (row: FlowRow) => number) => whole(name, UINTEGER, 0xffff_ffff, get);
const i64 = (name: string, get: (row: FlowRow) => number) => whole(name, BIGINT, Number.MAX_SAFE_INTEGER, get);

const ends = (['src', 'dst'] as const).flatMap((end): Column[] => [
  address(`${end}_ip`, (row) => row[end].ip),
  u16(`${end}_port`, (row) => row[end].port),
  text(`${end}_mac`, (row) => row[end].mac),
  text(`${end}_vm`, (row) => row[end].vmId),
  text(`${end}_vnic`, (row) => row[end].vnicId),
  text(`${end}_tenant`, (row) => row[end].tenantId),
]);

/** A bit for each, so that 64 of them take eight bytes. */
function risksMask(risks: readonly number[]): bigint | null {
  for (const risk of risks) if (!Number.isInteger(risk) || risk < 0 || risk > 63) throw badRow('risks', risk);
  return risks.length === 0 ? null : risks.reduce((mask, risk) => mask | (1n << BigInt(risk)), 0n);
}

export const COLUMNS: readonly Column[] = [
  i64('end_ms', (row) => row.endMs),
  i64('start_ms', (row) => row.startMs),
  text('key', (row) => row.key),
  text('host', (row) => row.hostId),
  text('point', (row) => row.point),
  text('network', (row) => row.networkId),
  u8('protocol', (row) => row.protocol),
  ...ends,
  u8('icmp_type', (row) => row.icmpType),
  u8('icmp_code', (row) => row.icmpCode),
  text('verdict', (row) => row.verdict),
  u32('rule_num', (row) => row.ruleNum),
  text('rule', (row) => row.ruleId),
  text('policy', (row) => row.policyId),
  text('tier', (row) => row.tier),
  i64('revision', (row) => row.revision),
  i64('bytes', (row) => row.bytes),
  i64('packets', (row) => row.packets),
  i64('reply_bytes', (row) => row.replyBytes),
  i64('reply_packets', (row) => row.replyPackets),
  u16('tcp_flags', (row) => row.tcpFlags),
  text('pending_verdict', (row) => row.pending?.verdict ?? null),
  whole('pending_rule_num', UINTEGER, 0xffff_ffff, (row) => row.pending?.ruleNum ?? null),
  text('pending_rule', (row) => row.pending?.ruleId ?? null),
  text('pending_policy', (row) => row.pending?.policyId ?? null),
  text('inspection', (row) => row.inspection?.outcome ?? null),
  whole('gateway_num', USMALLINT, 0xffff, (row) => row.inspection?.gatewayNum ?? null),
  text('gateway', (row) => row.inspection?.gatewayId ?? null),
  // As nDPI writes it, from the carrier to what it carries: `TLS.Wikipedia`.
  text('application', (row) => row.inspection?.applications.join('.') || null),
  text('server_name', (row) => row.inspection?.name ?? null),
  { name: 'risks', type: UBIGINT, value: (row) => risksMask(row.inspection?.risks ?? []) },
];

export const COLUMN_TYPES: readonly DuckDBType[] = COLUMNS.map(({ type }) => type);

/**
 * Turns rows into columns, ready for the appender.
 * @throws FlowStoreError `FLOWSTORE_BAD_ROW`
 */
export function toColumns(rows: readonly FlowRow[]): DuckDBValue[][] {
  return COLUMNS.map((column) => rows.map(column.value));
}

function badRow(column: string, value: string | number): FlowStoreError {
  return new FlowStoreError('FLOWSTORE_BAD_ROW', `A flow's ${column} cannot be ${JSON.stringify(value)}.`);
}
