import { z } from 'zod';
import { Ipv4, Ipv6, Mac, Vlan } from './address.ts';
import { Id, Instant, Num } from './ids.ts';
import { GatewayNum, MAX_LINKS, OnFailure } from './inspect.ts';
import { IntentLimit, NetworkConnections, RuleLimits } from './limit.ts';
import { Action, Tier } from './policy.ts';
import { IntentBlocks } from './recognition.ts';
import { Hours } from './schedule.ts';

/**
 * What one host has to enforce, in words that no switch, firewall or gateway owns: numbers in place of names,
 * groups resolved to addresses, rules in the order of decision. Every collection is keyed by `num`, so that a
 * change travels as {@link HostIntentPatch} instead of the whole document.
 */
export const IntentNetwork = z.object({
  num: z.int().min(1).max(65535),
  id: Id,
  vlan: Vlan.nullable(),
  /** Connections at the same time that it may have on each host; null is its share of the host's table. */
  maxConnections: NetworkConnections.nullable().default(null),
});
export type IntentNetwork = z.infer<typeof IntentNetwork>;

/** What tenants' VMs may do among themselves when no rule speaks of it. */
export const IntentTenant = z.object({
  num: Num,
  id: Id,
  intraTenant: z.enum(['allow', 'deny']),
});
export type IntentTenant = z.infer<typeof IntentTenant>;

/** A vNIC of the cloud, wherever it runs: a host that sees its port appear can police it without asking anybody. */
export const IntentVnic = z.object({
  num: Num,
  id: Id,
  vmId: Id,
  network: z.int().min(1).max(65535),
  tenant: Num.nullable(),
  mac: Mac,
  ipv4: z.array(Ipv4).max(64),
  ipv6: z.array(Ipv6).max(64),
  /** Nothing leaves it and nothing reaches it, whatever the rules say. */
  quarantined: z.boolean().default(false),
});
export type IntentVnic = z.infer<typeof IntentVnic>;

/**
 * Addresses that a rule names. A member is a block, within one network (`network`) or wherever it is met (`null`).
 * A set of a tenant (`tenant`) has no members of its own: it is every address of that tenant's vNICs.
 */
export const IntentSet = z.object({
  num: Num,
  tenant: Num.nullable(),
  members: z.array(z.object({ network: z.int().min(1).max(65535).nullable(), cidr: z.string().max(64) })),
});
export type IntentSet = z.infer<typeof IntentSet>;

/** Gateways that a flow passes, and what becomes of it while none of them can take it. */
export const IntentLink = z.object({ group: GatewayNum, onFailure: OnFailure });
export type IntentLink = z.infer<typeof IntentLink>;

/** IP protocol number with a range of destination ports (or ICMP types and a code); null fields match anything. */
export const IntentService = z.object({
  family: z.enum(['ip', 'ipv4', 'ipv6']),
  protocol: z.int().min(0).max(255).nullable(),
  ports: z.object({ first: z.int().min(0).max(65535), last: z.int().min(0).max(65535) }).nullable(),
  icmp: z.object({ type: z.int().min(0).max(255), code: z.int().min(0).max(255).nullable() }).nullable(),
});
export type IntentService = z.infer<typeof IntentService>;

export const IntentRule = z.object({
  /** The rule's number in flow records and conntrack labels; no two rules of a document share it. */
  num: Num,
  /** Key of this row; stable for one rule. */
  key: z.string().max(100),
  /** Place in the order of decision within its tier: smaller first. */
  order: z.number(),
  tier: Tier,
  /**
   * Whose rule it is; null is the provider's. A tenant's rule speaks only of traffic between that tenant's own
   * vNICs, or between them and addresses that no vNIC of the cloud has; never of another tenant's vNICs.
   */
  tenant: Num.nullable(),
  action: Action,
  /** Set numbers; null is anyone, an empty list is nobody. */
  from: z.array(Num).nullable(),
  to: z.array(Num).nullable(),
  /** Empty is every service. */
  services: z.array(IntentService),
  /** Of a rule that inspects, and of no other: the gateways' group, and what becomes of flows while it has none. */
  inspect: IntentLink.extend({
    blocks: IntentBlocks.optional(),
    /** The groups whose gateways it passes after that one, in this order. */
    next: z
      .array(IntentLink)
      .max(MAX_LINKS - 1)
      .optional(),
  }).optional(),
  log: z.boolean(),
  logSampling: z.int().min(0).max(65_535).nullable().default(null),
  /** From then on the rule is not in force, whatever else becomes of the document. */
  expiresAt: Instant.nullable().default(null),
  /** It is in force only while these hold; null is always. */
  hours: Hours.nullable().default(null),
  /** The mirror that gets a copy of what the rule lets pass. */
  mirror: Id.nullable().default(null),
  limits: RuleLimits.nullable().default(null),
});
export type IntentRule = z.infer<typeof IntentRule>;

/** What a rule has that asks for nothing special. */
export const INTENT_RULE_DEFAULTS = Object.freeze({
  log: false,
  logSampling: null,
  expiresAt: null,
  hours: null,
  mirror: null,
  limits: null,
} satisfies Partial<IntentRule>);

export const HostIntent = z.object({
  /** Rises with every change of this host's document. */
  revision: z.int().min(0),
  /** The published policy revision in it. */
  policyRevision: z.int().min(0),
  networks: z.array(IntentNetwork),
  tenants: z.array(IntentTenant),
  vnics: z.array(IntentVnic),
  sets: z.array(IntentSet),
  rules: z.array(IntentRule),
  /**
   * Rules that are only watched: they stand in one order with `rules` and decide the pending verdict, never the verdict.
   * An engine or gateway that does not know of them leaves them out, so nothing is ever enforced too early.
   */
  staged: z.array(IntentRule).default([]),
  /** What vNICs may have at most. */
  limits: z.array(IntentLimit).default([]),
});
export type HostIntent = z.infer<typeof HostIntent>;

const patchOf = <K extends z.ZodType, V extends z.ZodType>(key: K, value: V) =>
  z.object({ upsert: z.array(value), remove: z.array(key) });

/** From `base` to `revision`. An engine that does not hold `base` asks for the whole document. */
export const HostIntentPatch = z.object({
  base: z.int().min(0),
  revision: z.int().min(0),
  policyRevision: z.int().min(0),
  networks: patchOf(z.int(), IntentNetwork),
  tenants: patchOf(z.int(), IntentTenant),
  vnics: patchOf(z.int(), IntentVnic),
  /** Members to add and take away, so that one VM in a set of 10,000 is one line. A removed set goes by number. */
  sets: z.object({
    upsert: z.array(IntentSet),
    remove: z.array(z.int()),
    change: z.array(z.object({ num: Num, add: IntentSet.shape.members, remove: IntentSet.shape.members })),
  }),
  rules: patchOf(z.string(), IntentRule),
  staged: patchOf(z.string(), IntentRule).default({ upsert: [], remove: [] }),
  limits: patchOf(z.int(), IntentLimit).default({ upsert: [], remove: [] }),
});
export type HostIntentPatch = z.infer<typeof HostIntentPatch>;
