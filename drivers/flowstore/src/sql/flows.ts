import type { Blocked, InspectionOutcome, Verdict } from '@hypervigil/model';
import type { Edge, StoredFlow } from '../flow.ts';
import { numberToKey } from '../rows/key.ts';
import { parseGateways } from '../rows/later-gateways.ts';
import { parseSignatures } from '../rows/signatures.ts';
import {
  address,
  type Cell,
  count,
  fieldsOf,
  numberOrNull,
  type Row,
  textOrNull,
  toCounters,
  toEdgeEnd,
} from './rows.ts';

export function toFlow(row: Row): StoredFlow {
  return {
    id: row['id'] as string,
    key: numberToKey(count(row['key'])),
    hostId: row['host'] as string,
    point: row['point'] as StoredFlow['point'],
    networkId: textOrNull(row['network']),
    protocol: count(row['protocol']),
    src: toEnd(row, 'src'),
    dst: toEnd(row, 'dst'),
    icmpType: numberOrNull(row['icmp_type']),
    icmpCode: numberOrNull(row['icmp_code']),
    verdict: row['verdict'] as Verdict,
    ruleNum: count(row['rule_num']),
    ruleId: textOrNull(row['rule']),
    policyId: textOrNull(row['policy']),
    tier: textOrNull(row['tier']),
    pending: toPending(row['pending']),
    inspection: toInspection(row),
    revision: count(row['revision']),
    startMs: count(row['start_ms']),
    endMs: count(row['last_ms']),
    ...toCounters(row),
    tcpFlags: count(row['tcp_flags']),
  };
}

function toPending(value: Cell | undefined): StoredFlow['pending'] {
  const said = fieldsOf(value);
  if (said === null) return null;
  const { verdict, rule_num: ruleNum, rule, policy } = said;
  return {
    verdict: verdict as Verdict,
    ruleNum: count(ruleNum),
    ruleId: textOrNull(rule),
    policyId: textOrNull(policy),
  };
}

function toInspection(row: Row): StoredFlow['inspection'] {
  const said = fieldsOf(row['inspection']);
  if (said === null) return null;
  const { outcome, num, id, later } = said;
  const [gatewayNum, gatewayId] = [numberOrNull(num), textOrNull(id)];
  const first = gatewayNum === null ? [] : [{ gatewayNum, gatewayId }];
  const { application, name, risks } = fieldsOf(row['recognised']) ?? {};
  return {
    outcome: outcome as InspectionOutcome,
    gatewayNum,
    gatewayId,
    gateways: [...first, ...parseGateways(textOrNull(later))],
    applications: textOrNull(application)?.split('.') ?? [],
    name: textOrNull(name),
    risks: bitsOf(risks),
    signatures: parseSignatures(textOrNull(row['signatures'])),
    blocked: toBlocked(row['blocked']),
  };
}

function toBlocked(value: Cell | undefined): Blocked | null {
  const said = fieldsOf(value);
  if (said === null) return null;
  const { blocked_by: by, what } = said;
  return { by: by as Blocked['by'], what: what as string };
}

function bitsOf(given: Cell | undefined): number[] {
  if (typeof given !== 'bigint' && typeof given !== 'string') return [];
  const mask = BigInt(given);
  return Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => (mask >> BigInt(bit)) & 1n);
}

export function toEnd(row: Row, end: 'src' | 'dst'): StoredFlow['src'] {
  const [country, asn] = [textOrNull(row[`${end}_country`]), numberOrNull(row[`${end}_asn`])];
  return {
    ip: address(row[`${end}_ip`]),
    port: count(row[`${end}_port`]),
    mac: textOrNull(row[`${end}_mac`]),
    vmId: textOrNull(row[`${end}_vm`]),
    vnicId: textOrNull(row[`${end}_vnic`]),
    tenantId: textOrNull(row[`${end}_tenant`]),
    ...(country !== null && { country }),
    ...(asn !== null && { asn }),
  };
}

export function toEdge(row: Row): Edge {
  return {
    src: toEdgeEnd(row, 'src'),
    dst: toEdgeEnd(row, 'dst'),
    protocol: count(row['protocol']),
    port: count(row['dst_port']),
    verdict: row['verdict'] as Verdict,
    ruleNum: count(row['rule_num']),
    ruleId: textOrNull(row['rule']),
    policyId: textOrNull(row['policy']),
    flows: count(row['flows']),
    pendingFlows: count(row['pending_flows']),
    ...toCounters(row),
    lastMs: count(row['last_ms']),
  };
}
