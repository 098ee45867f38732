import type { FlowEdge } from '@hypervigil/contract';
import type { FlowStore, StoredFlow } from '@hypervigil/flowstore';
import type { Origin } from '@hypervigil/mmdb';
import type { Flow, FlowEnd } from '@hypervigil/model';
import { NO_HOST } from '../access/cut.ts';
import type { ListInput, ListOf } from '../state/paging.ts';
import { asking } from './asking.ts';
import { eachPage } from './pages.ts';
import type { FlowQuestion } from './question.ts';
import { cutEnd, cutGateway, cutRule, type FlowReader } from './reader.ts';

const iso = (ms: number) => new Date(ms).toISOString();

type OriginOf = (ip: string) => Origin;

/** Of what was recorded with its autonomous system, whose that is. */
const named = (originOf: OriginOf, end: FlowEnd): FlowEnd => {
  const { asn, organisation } = end.asn === undefined ? {} : originOf(end.ip);
  return organisation === undefined || asn !== end.asn ? end : { ...end, organisation };
};

const toFlow =
  (reader: FlowReader, originOf: OriginOf) =>
  (flow: StoredFlow): Flow => {
    const { key: _key, tier: _tier, startMs, endMs, ...same } = flow;
    return {
      ...cutRule(reader, same),
      hostId: reader === null ? same.hostId : NO_HOST,
      src: named(originOf, cutEnd(reader, same.src)),
      dst: named(originOf, cutEnd(reader, same.dst)),
      inspection: same.inspection && cutGateway(reader, same.inspection),
      pending: same.pending && cutRule(reader, same.pending),
      startedAt: iso(startMs),
      lastAt: iso(endMs),
    };
  };

export async function listFlows(
  store: FlowStore,
  { filter, reader }: FlowQuestion,
  { limit, cursor }: Pick<ListInput, 'limit' | 'cursor'>,
  originOf: OriginOf,
): Promise<ListOf<Flow>> {
  const { flows, total, nextCursor } = await asking(() => store.query(filter, { limit, cursor }));
  return { items: flows.map(toFlow(reader, originOf)), total, next: nextCursor };
}

export async function listEdges(
  store: FlowStore,
  { filter, reader }: FlowQuestion,
  limit: number,
): Promise<{ items: FlowEdge[]; truncated: boolean }> {
  const { edges, truncated } = await asking(() => store.edges(filter, limit));
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

export async function flowSeries(store: FlowStore, { filter }: FlowQuestion, buckets: number): Promise<Series> {
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
  { filter, reader }: FlowQuestion,
  originOf: OriginOf,
): Promise<AsyncGenerator<readonly Flow[]>> {
  return eachPage(async (limit, cursor) => {
    const { flows, nextCursor } = await asking(() => store.query(filter, { limit, cursor }));
    return { items: flows.map(toFlow(reader, originOf)), nextCursor };
  });
}
