import { z } from 'zod';
import { Cidr } from './address.ts';
import { format, otherwise } from './format.ts';
import { Id, Instant, Name, Num } from './ids.ts';
import { GatewayGroupId, GatewayNum, MAX_LINKS, OnFailure } from './inspect.ts';
import { RuleLimits, UNLIMITED } from './limit.ts';
import { Blocks } from './recognition.ts';
import { parseSelector, SELECTOR_LENGTH } from './selector.ts';

/** Tiers are decided in this order. Tenants write in `tenant` only; the rest are the provider's. */
export const TIERS = ['emergency', 'platform', 'tenant', 'baseline'] as const;
export const Tier = z.enum(TIERS);
export type Tier = z.infer<typeof Tier>;

/**
 * What a rule says of a flow. `reject` is a deny of which the sender is told; `pass` leaves the decision to the next tier;
 * `inspect` allows it through a gateway.
 */
export const Action = z.enum(['allow', 'deny', 'reject', 'pass', 'inspect']);
export type Action = z.infer<typeof Action>;

/** A selector as text (`Selector`); checked, and told where it is wrong. */
export const SelectorText = z
  .string()
  .max(SELECTOR_LENGTH)
  .superRefine((text, context) => {
    const parsed = parseSelector(text);
    if ('mistake' in parsed) context.addIssue({ code: 'custom', params: { mistake: parsed.mistake } });
  });

/** Groups within groups within groups: so many at most, the outermost one counted. */
export const GROUP_NESTING = 8;

/**
 * A set of vNICs: all of the VMs that are named, that the selector finds, or that belong to a named tenant; those on a
 * named network; those in a named group. Of a tenant's group only vNICs of that tenant are members, whatever it names.
 */
export const Group = z.object({
  id: Id,
  num: Num,
  name: Name,
  description: z.string().max(500),
  /** Whose VMs can be members; null is every tenant's. */
  tenantId: Id.nullable(),
  vmIds: z.array(Id).max(10_000),
  /** An empty selector finds nobody. */
  selector: SelectorText.default(''),
  networkIds: z.array(Id).max(1000).default([]),
  tenantIds: z.array(Id).max(1000).default([]),
  /** Never itself, nor a group that it is within. */
  groupIds: z.array(Id).max(1000).default([]),
  revision: z.int(),
  changedAt: Instant,
});
export type Group = z.infer<typeof Group>;

/** Ports as people write them: `443` or `8000-8080`. */
export const PortRange = z
  .string()
  .check(format('port-range', /^\d{1,5}(-\d{1,5})?$/))
  .refine(
    (s) => {
      const [a, b] = s.split('-').map(Number);
      return a !== undefined && a <= 65535 && (b === undefined || (b <= 65535 && a <= b));
    },
    otherwise({ code: 'wrong-format', params: { format: 'port-range' } }),
  );

/** One service. No ports means every port; no ICMP type means every type. */
export const Service = z.discriminatedUnion('protocol', [
  z.strictObject({ protocol: z.literal('tcp'), ports: z.array(PortRange).max(64).default([]) }),
  z.strictObject({ protocol: z.literal('udp'), ports: z.array(PortRange).max(64).default([]) }),
  z.strictObject({ protocol: z.literal('sctp'), ports: z.array(PortRange).max(64).default([]) }),
  z.strictObject({
    protocol: z.literal('icmp'),
    type: z.int().min(0).max(255).optional(),
    code: z.int().min(0).max(255).optional(),
  }),
  z.strictObject({
    protocol: z.literal('icmpv6'),
    type: z.int().min(0).max(255).optional(),
    code: z.int().min(0).max(255).optional(),
  }),
  z.strictObject({ protocol: z.literal('ip'), number: z.int().min(0).max(255) }),
]);
export type Service = z.infer<typeof Service>;

/** One side of a rule: the union of its parts; with no part, anyone. Strict: a misspelt part must not become anyone. */
export const Peer = z.strictObject({
  groupIds: z.array(Id).max(100).default([]),
  tenantIds: z.array(Id).max(100).default([]),
  addressSetIds: z.array(Id).max(100).default([]),
  cidrs: z.array(Cidr).max(1000).default([]),
});
export type Peer = z.infer<typeof Peer>;

export const ANYONE: Peer = Object.freeze({ groupIds: [], tenantIds: [], addressSetIds: [], cidrs: [] });

/** By what is written, not by what it comes to: a peer whose parts nothing answers to any more is nobody. */
export const isAnyone = (peer: Peer): boolean => Object.values(peer).every((part) => part.length === 0);

/** Gateways that an inspected flow goes through, and what becomes of it while none of them can take it. */
export const InspectLink = z.object({
  groupId: GatewayGroupId,
  /** Of the group, as it stands in registers; the platform adds it. */
  groupNum: GatewayNum,
  onFailure: OnFailure,
});

export type InspectLink = z.infer<typeof InspectLink>;

/** A chain of gateways: one of each group, one after the other, and the answers the other way round. */
export const Inspect = InspectLink.extend({
  /** What the gateways end when they recognise it; without, they look and tell. */
  blocks: Blocks.optional(),
  /** What it passes after the first group, in this order; no group stands twice. */
  next: z
    .array(InspectLink)
    .max(MAX_LINKS - 1)
    .optional(),
});
export type Inspect = z.infer<typeof Inspect>;

export const Rule = z.object({
  id: Id,
  num: Num,
  name: Name,
  enabled: z.boolean(),
  action: Action,
  from: Peer,
  to: Peer,
  /** These and the named ones; with none of both, every protocol and port. */
  services: z.array(Service).max(64),
  /** Of a rule that inspects, and of no other. */
  inspect: Inspect.optional(),
  namedServiceIds: z.array(Id).max(64).default([]),
  /** Every packet of its connections is counted; of other rules' connections, the first ones and some of the rest. */
  log: z.boolean(),
  /** One in so many of its connections is recorded, each whole, and the others are not; 0 none, null all. */
  logSampling: z.int().min(0).max(65_535).nullable().default(null),
  comment: z.string().max(500),
  /** Who answers for it: a person, a team, a ticket. A new rule without one is its writer's. */
  owner: z.string().trim().max(100).default(''),
  /** From this instant on the rule says nothing; null never. Hosts see to it by their own clocks. */
  expiresAt: Instant.nullable().default(null),
  /** Watched, not enforced: what it would decide is the pending verdict of the flows that it meets. */
  staged: z.boolean().default(false),
  /** Outside the hours of its schedule the rule says nothing; null is always. */
  scheduleId: Id.nullable().default(null),
  /** What the rule lets pass is copied there, too. */
  mirrorId: Id.nullable().default(null),
  /** Of a rule that lets pass, and of no other. */
  limits: RuleLimits.default(UNLIMITED),
});
export type Rule = z.infer<typeof Rule>;

/** What a rule has that says nothing of it; also what a rule has that was stored before there was such a field. */
export const RULE_DEFAULTS = Object.freeze({
  log: false,
  logSampling: null,
  comment: '',
  owner: '',
  expiresAt: null,
  staged: false,
  scheduleId: null,
  mirrorId: null,
  limits: UNLIMITED,
  namedServiceIds: [],
} satisfies Partial<Rule>);

const LinkInput = InspectLink.omit({ groupNum: true }).strict();

/** As people write it. */
export const InspectInput = LinkInput.extend({
  blocks: Blocks.optional(),
  next: z
    .array(LinkInput)
    .max(MAX_LINKS - 1)
    .optional(),
});
export type InspectInput = z.infer<typeof InspectInput>;

/** The links of a chain, in order. */
export const linksOf = <Link>(inspect: Link & { readonly next?: readonly Link[] | undefined }): readonly Link[] => [
  inspect,
  ...(inspect.next ?? []),
];

/** Of one policy. */
export const MAX_POLICY_RULES = 10_000;

export const MAX_POLICY_ORDER = 1_000_000;

/** An ordered list of rules. The first rule that matches decides; tiers, then policies by `order`, then rules as they stand. */
export const Policy = z.object({
  id: Id,
  name: Name,
  description: z.string().max(500),
  tier: Tier,
  tenantId: Id.nullable(),
  order: z.int().min(0).max(MAX_POLICY_ORDER),
  enabled: z.boolean(),
  rules: z.array(Rule).max(MAX_POLICY_RULES),
  revision: z.int(),
  changedAt: Instant,
});
export type Policy = z.infer<typeof Policy>;
