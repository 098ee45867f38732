import { addressToNumber } from '../address-number.ts';
import type { FlowEnd } from '../flow.ts';
import { type FlowCondition, type FlowExpression, foldCase } from './expression.ts';
import type { FlowFacts } from './facts.ts';
import { type EndField, endOf, type FlowFieldName } from './fields.ts';

/**
 * Whether a flow is one of those that are asked for. This is what a filter means: every store has to find the same.
 * @throws RangeError when the filter has names that were not looked up
 */
export function matchesFlow(expression: FlowExpression, flow: FlowFacts): boolean {
  switch (expression.op) {
    case 'and':
      return expression.of.every((one) => matchesFlow(one, flow));
    case 'or':
      return expression.of.some((one) => matchesFlow(one, flow));
    case 'not':
      return !matchesFlow(expression.of, flow);
    case 'test': {
      const end = endOf(expression.field);
      if (end === null) return fulfils(valuesOf(expression.field, flow), expression.is);
      return end.sides.some((side) => fulfils(valuesOfEnd(end.field, flow[side]), expression.is));
    }
  }
}

type Value = string | number | bigint;

function fulfils(values: readonly Value[], is: FlowCondition): boolean {
  switch (is.kind) {
    case 'none':
      return values.length === 0;
    case 'text':
      return values.some((value) => matchesText(foldCase(String(value)), is));
    case 'within':
    case 'address':
      return values.some((value) => typeof value !== 'string' && value >= is.low && value <= is.high);
    case 'one-of':
      return values.some((value) => is.values.includes(value as string | number));
    case 'named':
      throw new RangeError(`the name ${is.name} was not looked up`);
  }
}

function matchesText(value: string, { how, text }: FlowCondition & { kind: 'text' }): boolean {
  if (how === 'contains') return value.includes(text);
  return how === 'prefix' ? value.startsWith(text) : value === text;
}

const known = <T extends Value>(value: T | null | undefined): T[] => (value == null ? [] : [value]);

function valuesOfEnd(field: EndField, end: FlowEnd): Value[] {
  switch (field) {
    case 'ip':
      return known(addressToNumber(end.ip));
    case 'port':
      return [end.port];
    case 'mac':
      return known(end.mac);
    case 'vm':
      return known(end.vmId);
    case 'vnic':
      return known(end.vnicId);
    case 'tenant':
      return known(end.tenantId);
    case 'group':
      // A group was looked up to the vNICs in it.
      return known(end.vnicId);
    case 'country':
      return known(end.country);
    case 'asn':
      return known(end.asn);
  }
}

/** Of a field of the flow itself. */
function valuesOf(field: FlowFieldName, flow: FlowFacts): readonly Value[] {
  const { pending, inspection } = flow;
  switch (field) {
    case 'verdict':
      return [flow.verdict];
    case 'protocol':
      return [flow.protocol];
    case 'time':
      return [flow.endMs];
    case 'start':
      return [flow.startMs];
    case 'duration':
      return [flow.endMs - flow.startMs];
    case 'bytes':
      return [flow.bytes + flow.replyBytes];
    case 'packets':
      return [flow.packets + flow.replyPackets];
    case 'sent.bytes':
      return [flow.bytes];
    case 'sent.packets':
      return [flow.packets];
    case 'reply.bytes':
      return [flow.replyBytes];
    case 'reply.packets':
      return [flow.replyPackets];
    case 'tcp.flags':
      return bitsOf(flow.tcpFlags);
    case 'icmp.type':
      return known(flow.icmpType);
    case 'icmp.code':
      return known(flow.icmpCode);
    case 'network':
      return known(flow.networkId);
    case 'host':
      return [flow.hostId];
    case 'point':
      return [flow.point];
    case 'rule':
      return [flow.ruleNum];
    case 'policy':
      return known(flow.policyId);
    case 'tier':
      return known(flow.tier);
    case 'revision':
      return [flow.revision];
    case 'pending':
      if (pending === null) return [];
      return pending.verdict === flow.verdict ? [pending.verdict] : [pending.verdict, 'differs'];
    case 'pending.rule':
      return known(pending?.ruleNum);
    case 'inspection':
      return known(inspection?.outcome);
    case 'gateway':
      return inspection?.gateways.flatMap(({ gatewayId }) => known(gatewayId)) ?? [];
    case 'application':
      return inspection?.applications ?? [];
    case 'name':
      return known(inspection?.name);
    case 'risk':
      return inspection?.risks ?? [];
    case 'signature':
      return inspection?.signatures.map(({ id }) => id) ?? [];
    case 'blocked':
      return known(inspection?.blocked?.by);
    default:
      return [];
  }
}

const bitsOf = (mask: number): number[] =>
  Array.from({ length: 16 }, (_, bit) => bit).filter((bit) => (mask >> bit) & 1);
