import { Id, Instant, Ip, Num, Tier } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';

/** Which policies: those that would be published, the same as if their staged rules were enforced, or those that are. */
const of = z.enum(['draft', 'staged', 'published']).default('draft');

/** `tcp`, `tcp/22`, `udp/5000-5010`, `icmp`, `icmpv6/128`, `ip/47`. */
const ServiceText = z.string().trim().min(1).max(30);

/**
 * One side of a question: `anyone`, `outside` (all that is no VM), an address or a block, or the name or id of a group, VM,
 * tenant or address set, with `group:`, `vm:`, `tenant:` or `set:` before it where a name is that of several.
 */
const WhereText = z.string().trim().min(1).max(300);

export const Named = z.object({ id: Id, name: z.string() });
export const NamedRule = Named.extend({ num: Num, policyId: Id, policy: z.string(), tier: Tier });

export const Witness = z.object({
  network: Named,
  src: Ip,
  dst: Ip,
  protocol: z.int(),
  port: z.int().nullable(),
  icmpType: z.int().nullable(),
  icmpCode: z.int().nullable(),
});
export type PolicyPacket = z.infer<typeof Witness>;

export const PolicyFinding = z.object({
  code: z.enum([
    'shadowed',
    'redundant',
    'contradictory',
    'irrelevant',
    'over-permissive',
    'missing-log',
    'expired',
    'unused',
  ]),
  reason: z.enum([
    'same',
    'opposite',
    'rules',
    'defaults',
    'order',
    'nobody-from',
    'nobody-to',
    'never-meet',
    'silent-from',
    'silent-to',
    'no-hits',
    'every-service',
    'remote-administration',
    'between-tenants',
    'from-anywhere',
    'time-over',
  ]),
  rule: NamedRule,
  /** Other rules that it takes to see it, at most 20, and how many there are. */
  others: z.array(NamedRule),
  otherCount: z.int(),
  /** A packet that shows it; a rule that no packet meets has none. */
  witness: Witness.nullable(),
  /** Of what recorded flows show: over how many days, of a rule that was first published when. */
  observed: z.object({ days: z.int(), since: Instant }).optional(),
});
export type PolicyFinding = z.infer<typeof PolicyFinding>;

/** Who is at one side: at most 100 VMs and 50 blocks, and how many there are. */
export const Ends = z.object({ vms: z.array(Named), vmCount: z.int(), cidrs: z.array(z.string()), cidrCount: z.int() });

const PolicyReach = z.object({
  verdict: z.enum(['allow', 'deny']),
  rule: NamedRule.nullable(),
  /** Of the rule, or of the default that decides (see the synthetic rules). */
  ruleNum: Num,
  network: Named,
  from: Ends,
  to: Ends,
  /** As people write them; `any` is every service. */
  services: z.array(z.string()),
  /** Where it is judged: as it leaves a vNIC, as it comes to one. */
  points: z.array(z.enum(['egress', 'ingress'])),
  witness: Witness,
});
export type PolicyReach = z.infer<typeof PolicyReach>;

/** As many groups as a matrix holds, in rows and in columns. */
export const MATRIX_GROUPS = 100;

const MatrixCell = z.object({
  /** Places in `groups`. */
  from: z.int(),
  to: z.int(),
  /** `apart`: they share no network. */
  allowed: z.enum(['everything', 'something', 'nothing', 'apart']),
  services: z.array(z.string()),
  witness: Witness.nullable(),
});
export type MatrixCell = z.infer<typeof MatrixCell>;

export const policyAnalysis = defineEndpoints({
  analysePolicy: {
    method: 'GET',
    path: '/api/v1/policy/analysis',
    summary:
      'What is wrong with the rules: shadowed, redundant, contradictory, irrelevant, too wide, without log, expired, unused',
    caller: 'person',
    permission: 'policy:analyse',
    query: z.object({
      of,
      limit: z.coerce.number().int().min(1).max(1000).default(200),
      /** Of recorded flows, that are looked at for rules that nothing meets. */
      days: z.coerce.number().int().min(1).max(90).default(30),
    }),
    response: z.object({ items: z.array(PolicyFinding), total: z.int() }),
  },
  reachPolicy: {
    method: 'GET',
    path: '/api/v1/policy/reach',
    summary: 'What becomes of traffic from one side to another, and which rules decide it',
    caller: 'person',
    permission: 'policy:analyse',
    query: z.object({
      of,
      from: WhereText.default('anyone'),
      to: WhereText.default('anyone'),
      service: ServiceText.optional(),
    }),
    /** `more`: there is more than the 500 parts that an answer holds. */
    response: z.object({ items: z.array(PolicyReach), more: z.boolean() }),
  },
  policyMatrix: {
    method: 'GET',
    path: '/api/v1/policy/matrix',
    summary: `What gets from each group to each; of the first ${MATRIX_GROUPS} by name when none are named`,
    caller: 'person',
    permission: 'policy:analyse',
    query: z.object({
      of,
      /** Names or ids, with commas between. */
      groups: z.string().max(4000).optional(),
      service: ServiceText.optional(),
    }),
    response: z.object({ groups: z.array(Named), items: z.array(MatrixCell) }),
  },
});
