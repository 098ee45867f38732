import { Id, Instant, Name, Num, Peer, Service, Verdict } from '@hypervigil/model';
import { z } from 'zod';
import { DraftPolicy } from './draft.ts';
import { defineEndpoints } from './endpoint.ts';
import { Named, NamedRule } from './policy-analysis.ts';

/** How far back recorded flows are looked at, in days that end now. */
export const days = z.coerce.number().int().min(1).max(90).default(7);

const TalkEnd = z.object({
  ip: z.string(),
  /** Null outside of the cloud. */
  vm: Named.nullable(),
});

/** Everything recorded between two addresses on one service. */
export const Talk = z.object({
  network: Named.nullable(),
  src: TalkEnd,
  dst: TalkEnd,
  protocol: z.int(),
  port: z.int(),
  icmpType: z.int().nullable(),
  icmpCode: z.int().nullable(),
  /** Connections. */
  flows: z.int(),
  /** In both directions. */
  bytes: z.int(),
  firstAt: Instant,
  lastAt: Instant,
});

/** What a set of policies says of it. A default that decides has a number and no rule. */
export const Judged = z.object({ verdict: Verdict, ruleNum: Num, rule: NamedRule.nullable() });

export const SimulatedChange = Talk.extend({
  /** What was said of it when it was recorded. */
  recorded: Verdict,
  before: Judged,
  after: Judged,
});
export type SimulatedChange = z.infer<typeof SimulatedChange>;

/** `talks`: pairs of addresses on a service; `flows`: their connections; `vms`: how many different VMs have a part in it. */
export const Sum = z.object({ talks: z.int(), flows: z.int(), vms: z.int() });

export const PolicySimulation = z.object({
  from: Instant,
  to: Instant,
  /** What the draft would cut first, then what it would open; the most frequent first. */
  items: z.array(SimulatedChange),
  cut: Sum,
  opened: Sum,
  /** Everything that was judged. */
  seen: Sum,
  /** Recorded for addresses that their VMs no longer have: nobody can say what becomes of it. */
  unplaced: Sum,
  /** There was more than the 100,000 most frequent talks that are looked at. */
  truncated: z.boolean(),
});
export type PolicySimulation = z.infer<typeof PolicySimulation>;

export const RuleHitsList = z.object({
  from: Instant,
  to: Instant,
  /** In the order of decision. */
  items: z.array(
    z.object({
      rule: NamedRule,
      flows: z.int(),
      /** In both directions. */
      bytes: z.int(),
      packets: z.int(),
      lastAt: Instant.nullable(),
      /** For the first time; null while it is in the draft only. */
      publishedAt: Instant.nullable(),
    }),
  ),
});
export type RuleHitsList = z.infer<typeof RuleHitsList>;

const Evidence = z.object({
  /** Connections, and how many different pairs of addresses on a service they were. */
  flows: z.int(),
  talks: z.int(),
  /** Days on which some were seen. */
  days: z.int(),
  /** Of the VMs that the rule names, how many had a part in it. */
  vmsSeen: z.int(),
  vmsNamed: z.int(),
  /** 0 … 1: the mean of the shares of days and VMs and of how many connections there were (1,000 are full). */
  score: z.number(),
  confidence: z.enum(['high', 'medium', 'low']),
});

export const RecommendedRule = z.object({
  /** The name that it would have. */
  name: Name,
  from: Peer,
  to: Peer,
  /** The sides in words: names of groups and tenants, addresses. */
  fromNames: z.array(z.string()),
  toNames: z.array(z.string()),
  services: z.array(Service),
  evidence: Evidence,
});
export type RecommendedRule = z.infer<typeof RecommendedRule>;

/** Why traffic is not learnt from. */
export const OutlierReason = z.enum(['denied', 'scan', 'once', 'other-tenant', 'link-local', 'moved']);
export type OutlierReason = z.infer<typeof OutlierReason>;

export const PolicyRecommendation = z.object({
  subject: Named.extend({ kind: z.enum(['group', 'tenant']) }),
  /** Whose policy it would be; null is the provider's. */
  tenantId: Id.nullable(),
  from: Instant,
  to: Instant,
  /** Days of which flows are kept: confidence is measured by them. */
  days: z.int(),
  rules: z.array(RecommendedRule),
  /** What the rules allow. */
  learnt: Sum,
  /** The most frequent of what they do not, at most 200. */
  outliers: z.array(Talk.extend({ reason: OutlierReason })),
  outlierCounts: z.array(z.object({ reason: OutlierReason, ...Sum.shape })),
  truncated: z.boolean(),
});
export type PolicyRecommendation = z.infer<typeof PolicyRecommendation>;

/** Of a group or of a tenant; one of them. */
const subject = { groupId: Id.optional(), tenantId: Id.optional() };

export const policyFlows = defineEndpoints({
  recommendPolicy: {
    method: 'GET',
    path: '/api/v1/policy/recommendation',
    summary: 'The smallest set of rules that allows what was recorded of a group or tenant, with what speaks for each',
    caller: 'person',
    permission: 'policy:analyse',
    query: z.object({
      ...subject,
      days,
      /** The end of the days; without it, now. */
      to: Instant.optional(),
    }),
    response: PolicyRecommendation,
  },
  applyRecommendation: {
    method: 'POST',
    path: '/api/v1/policy/recommendation',
    summary: 'Put the recommended rules into the draft as a policy of their own, staged',
    caller: 'person',
    permission: 'policy:rewrite',
    body: z.strictObject({
      ...subject,
      days: z.int().min(1).max(90).default(7),
      /** Of a recommendation that was looked at: the same flows give the same rules. */
      to: Instant.optional(),
    }),
    response: DraftPolicy,
    status: 201,
  },
  listRuleHits: {
    method: 'GET',
    path: '/api/v1/policy/hits',
    summary: 'What each rule decided in the last days, and when it did last',
    caller: 'person',
    permission: 'policy:analyse',
    query: z.object({ days, policyId: Id.optional() }),
    response: RuleHitsList,
  },
  simulatePolicy: {
    method: 'GET',
    path: '/api/v1/policy/simulation',
    summary: 'Which recorded connections would meet another verdict if the draft were published',
    caller: 'person',
    permission: 'policy:analyse',
    query: z.object({ days, limit: z.coerce.number().int().min(1).max(5000).default(500) }),
    response: PolicySimulation,
  },
});
