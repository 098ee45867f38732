import type { FlowGroupField, NameDetails, NameKind, Verdict } from '@hypervigil/model';
import { numberToAddress } from '@hypervigil/model';
import { FlowStoreError } from '../errors.ts';
import type { FlowGroup, RuleHits, SeriesPoint, Talk, TopFlows, Turn } from '../flow.ts';
import type { StoredName } from '../name.ts';
import type { FlowTopOrder } from '../store.ts';
import { toEnd } from './flows.ts';
import { type Cell, count, numberOrNull, type Row, textOrNull, toCounters, toEdgeEnd } from './rows.ts';

export const toPoint = (row: Row): SeriesPoint => ({
  atMs: count(row['at_ms']),
  verdict: row['verdict'] as Verdict,
  flows: count(row['flows']),
  bytes: count(row['bytes']) + count(row['reply_bytes']),
});

export function toTalk(row: Row): Talk {
  const days = row['days'];
  return {
    networkId: textOrNull(row['network']),
    src: toEdgeEnd(row, 'src'),
    dst: toEdgeEnd(row, 'dst'),
    protocol: count(row['protocol']),
    port: count(row['dst_port']),
    icmpType: numberOrNull(row['icmp_type']),
    icmpCode: numberOrNull(row['icmp_code']),
    verdict: row['verdict'] as Verdict,
    ruleNum: count(row['rule_num']),
    flows: count(row['flows']),
    ...toCounters(row),
    firstMs: count(row['first_ms']),
    lastMs: count(row['last_ms']),
    days: Array.isArray(days) ? days.map(Number) : [],
  };
}

export const toTurn = (row: Row): Turn => ({
  before: {
    verdict: row['old_verdict'] as Verdict,
    ruleNum: count(row['old_rule_num']),
    revision: count(row['old_revision']),
    flows: count(row['old_flows']),
    lastMs: count(row['old_last_ms']),
  },
  after: { ...toTalk(row), revision: count(row['last_revision']) },
});

export const toHits = (row: Row): RuleHits => ({
  ruleNum: count(row['rule_num']),
  flows: count(row['flows']),
  bytes: count(row['bytes']),
  packets: count(row['packets']),
  lastMs: count(row['last_ms']),
});

export const TOP_ORDER = {
  flows: 'flows',
  bytes: 'bytes + reply_bytes',
  packets: 'packets + reply_packets',
} as const satisfies Record<FlowTopOrder, string>;

const MAX_FIELDS = 2;

export function requireFields(by: readonly FlowGroupField[]): void {
  if (by.length >= 1 && by.length <= MAX_FIELDS) return;
  throw new FlowStoreError('FLOWSTORE_BAD_FILTER', `Flows are grouped by one to ${MAX_FIELDS} fields.`);
}

export const toGroup =
  (by: readonly FlowGroupField[]) =>
  (row: Row): FlowGroup => ({
    values: by.map((_, n) => plain(row[`key_${n}`])),
    flows: count(row['flows']),
    ...toCounters(row),
  });

/** Only addresses are so large. */
function plain(value: Cell | undefined): string | number | null {
  if (typeof value === 'bigint') return numberToAddress(value);
  return (value ?? null) as string | number | null;
}

export const toTotal = (row: Row | undefined): TopFlows['total'] => ({
  groups: count(row?.['groups']),
  flows: count(row?.['all_flows']),
  bytes: count(row?.['all_bytes']),
  packets: count(row?.['all_packets']),
});

export function requireBucket(bucketMs: number): void {
  if (Number.isInteger(bucketMs) && bucketMs >= 1) return;
  throw new FlowStoreError('FLOWSTORE_BAD_FILTER', 'A bucket takes a whole number of milliseconds, at least one.');
}

export const toName = (row: Row): StoredName => ({
  id: `${row['place']}`,
  atMs: count(row['end_ms']),
  hostId: row['host'] as string,
  gatewayNum: numberOrNull(row['gateway_num']),
  gatewayId: textOrNull(row['gateway']),
  networkId: textOrNull(row['network']),
  protocol: count(row['protocol']),
  src: toEnd(row, 'src'),
  dst: toEnd(row, 'dst'),
  kind: row['kind'] as NameKind,
  name: row['server_name'] as string,
  details: JSON.parse(row['details'] as string) as NameDetails,
});
