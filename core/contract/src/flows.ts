import {
  FLOW_GROUP_FIELDS,
  FLOW_QUERY_LENGTH,
  FLOW_TOP_ORDERS,
  Flow,
  Id,
  InspectionOutcome,
  Instant,
  Verdict,
} from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

/** Which flows: every field narrows. Times are instants; without them, the last hour. */
export const FlowFilter = z.object({
  from: Instant.optional(),
  to: Instant.optional(),
  vmId: Id.optional(),
  peerVmId: Id.optional(),
  tenantId: Id.optional(),
  hostId: Id.optional(),
  networkId: Id.optional(),
  address: z.string().max(64).optional(),
  port: z.coerce.number().int().min(0).max(65535).optional(),
  protocol: z.coerce.number().int().min(0).max(255).optional(),
  verdict: Verdict.optional(),
  ruleId: Id.optional(),
  ruleNum: z.coerce.number().int().min(0).optional(),
  /** By what staged rules would make of them: another verdict than they have (`differs`), or this one. */
  pending: z.enum(['differs', ...Verdict.options]).optional(),
  /** The staged rule that had the last word on the pending verdict. */
  pendingRuleNum: z.coerce.number().int().min(0).optional(),
  /** What became of flows that their rule wants inspected. */
  inspection: InspectionOutcome.optional(),
  /** A gateway that inspected them. */
  gatewayId: Id.optional(),
  /** What a gateway recognised: nDPI's word for the application (`SSH`), whatever its case. */
  application: z.string().min(1).max(64).optional(),
  /** A part of the name that was asked for or spoken to (DNS, TLS, HTTP). */
  name: z.string().min(1).max(255).optional(),
  /** Number of one of nDPI's risks. */
  risk: z.coerce.number().int().min(0).max(63).optional(),
  /** Number of a signature that the intrusion detection of a gateway saw in it. */
  signature: z.coerce.number().int().min(0).max(0xffff_ffff).optional(),
  /**
   * In the language of filters: `src.tenant = acme and verdict = deny and bytes > 1MB and time > -1h`. What it says of the time
   * takes the place of `from` and `to` where they are not given.
   */
  filter: z.string().max(FLOW_QUERY_LENGTH).optional(),
});
export type FlowFilter = z.infer<typeof FlowFilter>;

/** Traffic between two ends on one service, summed over the chosen time: an edge of the map. */
export const FlowEdge = z.object({
  src: z.object({ vmId: Id.nullable(), ip: z.string() }),
  dst: z.object({ vmId: Id.nullable(), ip: z.string() }),
  protocol: z.int(),
  port: z.int(),
  verdict: Verdict,
  ruleNum: z.int(),
  ruleId: Id.nullable(),
  policyId: Id.nullable(),
  flows: z.int(),
  /** Of the flows, those that staged rules would decide otherwise. */
  pendingFlows: z.int(),
  bytes: z.int(),
  packets: z.int(),
  replyBytes: z.int(),
  replyPackets: z.int(),
  lastAt: Instant,
});
export type FlowEdge = z.infer<typeof FlowEdge>;

/** Flows that have the same values of some fields. */
export const FlowGroup = z.object({
  /** One for each field: an id where it names a thing, an address, a number; null for none. */
  values: z.array(z.union([z.string(), z.number(), z.null()])),
  /** What things are called, as far as the reader may know of them; null for everything else. */
  names: z.array(z.string().nullable()),
  flows: z.int(),
  bytes: z.int(),
  packets: z.int(),
  replyBytes: z.int(),
  replyPackets: z.int(),
});
export type FlowGroup = z.infer<typeof FlowGroup>;

export const TopFlows = z.object({
  items: z.array(FlowGroup),
  /** Of all groups, those that are not shown included; bytes and packets in both directions. */
  total: z.object({ groups: z.int(), flows: z.int(), bytes: z.int(), packets: z.int() }),
});
export type TopFlows = z.infer<typeof TopFlows>;

export const flows = defineEndpoints({
  listFlows: {
    method: 'GET',
    path: '/api/v1/flows',
    summary: 'Flows, newest first, each with the rule that decided it',
    caller: 'person',
    permission: 'flow:read',
    query: FlowFilter.extend(ListQuery.shape),
    response: listOf(Flow),
  },
  exportFlows: {
    method: 'GET',
    path: '/api/v1/flows.csv',
    summary: 'The same as CSV, at most 100,000 rows',
    caller: 'person',
    permission: 'flow:read',
    query: FlowFilter,
    produces: 'text/csv',
  },
  exportFlowsJson: {
    method: 'GET',
    path: '/api/v1/flows.jsonl',
    summary: 'The same as JSON, a flow on each line, at most 100,000',
    caller: 'person',
    permission: 'flow:read',
    query: FlowFilter,
    produces: 'application/x-ndjson',
  },
  exportFlowsParquet: {
    method: 'GET',
    path: '/api/v1/flows.parquet',
    summary: 'The same as a Parquet file, with the columns of the CSV',
    caller: 'person',
    permission: 'flow:read',
    query: FlowFilter,
    produces: 'application/vnd.apache.parquet',
  },
  topFlows: {
    method: 'GET',
    path: '/api/v1/flows/top',
    summary: 'Flows by what they have in common in one field or two: the groups with the most first',
    caller: 'person',
    permission: 'flow:read',
    query: FlowFilter.extend({
      groupBy: z.enum(FLOW_GROUP_FIELDS).default('src.ip'),
      thenBy: z.enum(FLOW_GROUP_FIELDS).optional(),
      /** Bytes and packets in both directions. */
      order: z.enum(FLOW_TOP_ORDERS).default('bytes'),
      limit: z.coerce.number().int().min(1).max(1000).default(10),
    }),
    response: TopFlows,
  },
  listEdges: {
    method: 'GET',
    path: '/api/v1/flows/edges',
    summary: 'Who talks to whom',
    caller: 'person',
    permission: 'flow:read',
    query: FlowFilter.extend({ limit: z.coerce.number().int().min(1).max(5000).default(1000) }),
    response: z.object({ items: z.array(FlowEdge), truncated: z.boolean() }),
  },
  flowSeries: {
    method: 'GET',
    path: '/api/v1/flows/series',
    summary: 'Flows and bytes over time by verdict',
    caller: 'person',
    permission: 'flow:read',
    query: FlowFilter.extend({ buckets: z.coerce.number().int().min(1).max(500).default(60) }),
    response: z.object({
      bucketMs: z.int(),
      points: z.array(
        z.object({ at: Instant, allowFlows: z.int(), denyFlows: z.int(), allowBytes: z.int(), denyBytes: z.int() }),
      ),
    }),
  },
});
