import type { FlowGroup, TopFlows } from '@hypervigil/contract';
import {
  type Flow,
  type FlowExpression,
  type FlowGroupField,
  matchesFlow,
  type NamesOf,
  parseFlowQuery,
  resolveNames,
} from '@hypervigil/model';
import { Refused } from './errors.ts';

/** What a filter means, with the names of the cloud looked up. */
export function readFilter(text: string, namesOf: NamesOf): FlowExpression | null {
  const parsed = parseFlowQuery(text, { nowMs: Date.now() });
  if ('mistake' in parsed) throw new Refused('invalid-request', {}, [{ field: 'filter', ...parsed.mistake }]);
  if (parsed.expression === null) return null;
  const resolved = resolveNames(parsed.expression, namesOf);
  if ('mistake' in resolved) throw new Refused('invalid-request', {}, [{ field: 'filter', ...resolved.mistake }]);
  return resolved.expression;
}

export const isAsked = (expression: FlowExpression | null, flow: Flow): boolean =>
  expression === null ||
  matchesFlow(expression, {
    ...flow,
    tier: null,
    startMs: Date.parse(flow.startedAt),
    endMs: Date.parse(flow.lastAt),
  });

/** As far as the tests group. */
const VALUES: Partial<Record<FlowGroupField, (flow: Flow) => string | number | null>> = {
  'src.ip': ({ src }) => src.ip,
  'dst.ip': ({ dst }) => dst.ip,
  'src.vm': ({ src }) => src.vmId,
  'dst.vm': ({ dst }) => dst.vmId,
  'src.country': ({ src }) => src.country ?? null,
  'src.asn': ({ src }) => src.asn ?? null,
  'dst.port': ({ dst }) => dst.port,
  verdict: ({ verdict }) => verdict,
  rule: ({ ruleNum }) => ruleNum,
};

interface Grouping {
  readonly groupBy: FlowGroupField;
  readonly thenBy?: FlowGroupField | undefined;
  readonly order: 'bytes' | 'packets' | 'flows';
  readonly limit: number;
}

export function topOf(flows: readonly Flow[], { groupBy, thenBy, order, limit }: Grouping, namesOf: NamesOf): TopFlows {
  const by = thenBy === undefined ? [groupBy] : [groupBy, thenBy];
  const named = new Map((['vm', 'tenant'] as const).flatMap(namesOf).map(({ name, value }) => [value, name]));
  const groups = new Map<string, FlowGroup>();
  for (const flow of flows) {
    const values = by.map((field) => VALUES[field]?.(flow) ?? null);
    const key = JSON.stringify(values);
    const names = values.map((value) => named.get(value ?? '') ?? null);
    const none = { values, names, flows: 0, bytes: 0, packets: 0, replyBytes: 0, replyPackets: 0 };
    const sum = groups.get(key) ?? none;
    groups.set(key, {
      ...sum,
      flows: sum.flows + 1,
      bytes: sum.bytes + flow.bytes,
      packets: sum.packets + flow.packets,
      replyBytes: sum.replyBytes + flow.replyBytes,
      replyPackets: sum.replyPackets + flow.replyPackets,
    });
  }
  const amount = (one: FlowGroup) =>
    ({ bytes: one.bytes + one.replyBytes, packets: one.packets + one.replyPackets, flows: one.flows })[order];
  const all = [...groups.values()].sort((a, b) => amount(b) - amount(a));
  const sum = (of: (one: FlowGroup) => number) => all.reduce((total, one) => total + of(one), 0);
  return {
    items: all.slice(0, limit),
    total: {
      groups: all.length,
      flows: sum((one) => one.flows),
      bytes: sum((one) => one.bytes + one.replyBytes),
      packets: sum((one) => one.packets + one.replyPackets),
    },
  };
}
