import type { FlowFilter as ApiFilter, FlowEdge } from '@hypervigil/contract';
import type { FlowFilter, FlowStore, StoredFlow } from '@hypervigil/flowstore';
import type { Flow } from '@hypervigil/model';
import { NO_HOST } from '../access/cut.ts';
import type { ListInput, ListOf } from '../state/paging.ts';
import { asking } from './asking.ts';
import { eachPage } from './pages.ts';
import { cutEnd, cutGateway, cutRule, type FlowReader, readBy } from './reader.ts';
import { timesOf } from './times.ts';

const iso = (ms: number) => new Date(ms).toISOString();

/** Without times, the last hour. */
function toFilter({ from, to, ...rest }: ApiFilter & { q?: string | undefined }): FlowFilter & {
  fromMs: number;
  toMs: number;
} {
  const { q, ...same } = rest;
  return { ...pickFilter(same), text: q, ...timesOf(from, to) };
}

function pickFilter(filter: Omit<ApiFilter, 'from' | 'to'>): FlowFilter {
  const { vmId, peerVmId, tenantId, hostId, networkId, address, port, protocol } = filter;
  const { verdict, ruleId, ruleNum, pending, pendingRuleNum, inspection, gatewayId } = filter;
  const { application, name, risk } = filter;
  return {
    ...{ vmId, peerVmId, tenantId, hostId, networkId, address, port, protocol },
    ...{ verdict, ruleId, ruleNum, pending, pendingRuleNum, inspection, gatewayId },
    ...{ application, name, risk },
  };
}

const toFlow =
  (reader: FlowReader) =>
  (flow: StoredFlow): Flow => {
    const { key: _key, tier: _tier, startMs, endMs, ...same } = flow;
    return {
      ...cutRule(reader, same),
      hostId: reader === null ? same.hostId : NO_HOST,
      src: cutEnd(reader, same.src),
      dst: cutEnd(reader, same.dst),
      inspection: same.inspection && cutGateway(reader, same.inspection),
      pending: same.pending && cutRule(reader, same.pending),
      startedAt: iso(startMs),
      lastAt: iso(endMs),
    };
  };

export async function listFlows(
  store: FlowStore,
  input: ApiFilter & ListInput,
  reader: FlowReader,
): Promise<ListOf<Flow>> {
  const { limit, cursor, ...filter } = input;
  const { flows, total, nextCursor } = await asking(() =>
    store.query(readBy(reader, toFilter(filter)), { limit, cursor }),
  );
  return { items: flows.map(toFlow(reader)), total, next: nextCursor };
}

export async function listEdges(
  store: FlowStore,
  { limit, ...filter }: ApiFilter & { limit: number },
  reader: FlowReader,
): Promise<{ items: FlowEdge[]; truncated: boolean }> {
  const { edges, truncated } = await asking(() => store.edges(readBy(reader, toFilter(filter)), limit));
  const items = edges.map(({ lastMs, src, dst, ...same }) => ({
    ...cutRule(reader, same),
    src: { vmId: cutEnd(reader, src).vmId, ip: src.ip },
    dst: { vmId: cutEnd(reader, dst).vmId, ip: dst.ip },
    lastAt: iso(lastMs),
  }));
  return { items, truncated };
}

interface Series {
  bucketMs: number;
  points: { at: string; allowFlows: number; denyFlows: number; allowBytes: number; denyBytes: number }[];
}

export async function flowSeries(
  store: FlowStore,
  { buckets, ...input }: ApiFilter & { buckets: number },
  reader: FlowReader,
): Promise<Series> {
  const filter = readBy(reader, toFilter(input));
  const bucketMs = Math.max(1000, Math.ceil((filter.toMs - filter.fromMs) / buckets / 1000) * 1000);
  const found = Map.groupBy(await asking(() => store.series(filter, bucketMs)), (point) => point.atMs);
  const first = Math.floor(filter.fromMs / bucketMs) * bucketMs;
  // Buckets begin at round times, so there may be one more than asked.
  const count = Math.ceil((filter.toMs - first) / bucketMs);
  const points = Array.from({ length: count }, (_, i) => {
    const atMs = first + i * bucketMs;
    const of = (verdict: 'allow' | 'deny') => found.get(atMs)?.find((point) => point.verdict === verdict);
    const [allow, deny] = [of('allow'), of('deny')];
    return {
      at: iso(atMs),
      allowFlows: allow?.flows ?? 0,
      denyFlows: deny?.flows ?? 0,
      allowBytes: allow?.bytes ?? 0,
      denyBytes: deny?.bytes ?? 0,
    };
  });
  return { bucketMs, points };
}

/** All flows of a filter, page by page. The first page is read before this resolves, so that a bad filter is an answer. */
export function eachFlow(
  store: FlowStore,
  filter: ApiFilter,
  reader: FlowReader,
): Promise<AsyncGenerator<readonly Flow[]>> {
  const asked = readBy(reader, toFilter(filter));
  return eachPage(async (limit, cursor) => {
    const { flows, nextCursor } = await asking(() => store.query(asked, { limit, cursor }));
    return { items: flows.map(toFlow(reader)), nextCursor };
  });
}
