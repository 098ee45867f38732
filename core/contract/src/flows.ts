import { Flow, Id, InspectionOutcome, Instant, Verdict } from '@hypervigil/model';
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
  /** The gateway that inspected them. */
  gatewayId: Id.optional(),
  /** What a gateway recognised: nDPI's word for the application (`SSH`), whatever its case. */
  application: z.string().min(1).max(64).optional(),
  /** A part of the name that was asked for or spoken to (DNS, TLS, HTTP). */
  name: z.string().min(1).max(255).optional(),
  /** Number of one of nDPI's risks. */
  risk: z.coerce.number().int().min(0).max(63).optional(),
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
