import { badRow } from '../errors.ts';
import type { FlowRow } from '../flow.ts';
import { addresses, bits, type Column, flag, i64, origins, ports, text, u8, u16, u32 } from './column.ts';
import { keyColumn } from './key.ts';
import { formatGateways } from './later-gateways.ts';
import { formatSignatures } from './signatures.ts';

/** A bit for each, so that 64 of them take eight bytes. */
function risksMask(risks: readonly number[]): bigint | null {
  if (risks.length === 0) return null;
  for (const risk of risks) if (!Number.isInteger(risk) || risk < 0 || risk > 63) throw badRow('risks', risk);
  return risks.reduce((mask, risk) => mask | (1n << BigInt(risk)), 0n);
}

/** Of updates. Whose their ends are, each engine keeps in its own way. */
export const flowColumns = (owners: readonly Column<FlowRow>[]): readonly Column<FlowRow>[] => [
  i64('end_ms', (row) => row.endMs),
  i64('start_ms', (row) => row.startMs),
  keyColumn<FlowRow>(),
  text('host', (row) => row.hostId),
  text('point', (row) => row.point),
  text('network', (row) => row.networkId),
  u8('protocol', (row) => row.protocol),
  ...ports<FlowRow>(),
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
  u32('pending_rule_num', (row) => row.pending?.ruleNum ?? null),
  text('pending_rule', (row) => row.pending?.ruleId ?? null),
  text('pending_policy', (row) => row.pending?.policyId ?? null),
  text('inspection', (row) => row.inspection?.outcome ?? null),
  u16('gateway_num', (row) => row.inspection?.gatewayNum ?? null),
  text('gateway', (row) => row.inspection?.gatewayId ?? null),
  // As nDPI writes it, from the carrier to what it carries: `TLS.Wikipedia`.
  text('application', ({ inspection }) => inspection && (inspection.applications.join('.') || null)),
  text('server_name', (row) => row.inspection?.name ?? null),
  bits('risks', ({ inspection }) => inspection && risksMask(inspection.risks)),
  text('blocked_by', (row) => row.inspection?.blocked?.by ?? null),
  text('blocked_what', (row) => row.inspection?.blocked?.what ?? null),
  // JSON: they are shown as they are, and sought by number alone.
  text('signatures', ({ inspection }) => inspection && formatSignatures(inspection.signatures)),
  text('later_gateways', ({ inspection }) => inspection && formatGateways(inspection.gateways.slice(1))),
  ...addresses<FlowRow>(),
  ...owners,
  flag('is_first', (row) => row.isFirst ?? null),
  ...origins<FlowRow>(),
];
