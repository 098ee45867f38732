import { Id, Instant, Num, Verdict } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { Named, NamedRule } from './policy-analysis.ts';

/** How far back recorded flows are looked at, in days that end now. */
const days = z.coerce.number().int().min(1).max(90).default(7);

const TalkEnd = z.object({
  ip: z.string(),
  /** Null outside of the cloud. */
  vm: Named.nullable(),
});

/** Everything recorded between two addresses on one service. */
const Talk = z.object({
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
const Judged = z.object({ verdict: Verdict, ruleNum: Num, rule: NamedRule.nullable() });

export const SimulatedChange = Talk.extend({
  /** What was said of it when it was recorded. */
  recorded: Verdict,
  before: Judged,
  after: Judged,
});
export type SimulatedChange = z.infer<typeof SimulatedChange>;

/** `talks`: pairs of addresses on a service; `flows`: their connections; `vms`: how many different VMs have a part in it. */
const Sum = z.object({ talks: z.int(), flows: z.int(), vms: z.int() });

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

export const policyFlows = defineEndpoints({
  listRuleHits: {
    method: 'GET',
    path: '/api/v1/policy/hits',
    summary: 'What each rule decided in the last days, and when it did last',
    caller: 'person',
    query: z.object({ days, policyId: Id.optional() }),
    response: RuleHitsList,
  },
  simulatePolicy: {
    method: 'GET',
    path: '/api/v1/policy/simulation',
    summary: 'Which recorded connections would meet another verdict if the draft were published',
    caller: 'person',
    query: z.object({ days, limit: z.coerce.number().int().min(1).max(5000).default(500) }),
    response: PolicySimulation,
  },
});
