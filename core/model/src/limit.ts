import { z } from 'zod';
import { Id, Instant, Name, Num } from './ids.ts';

/** Larger than what switch and guest hand on at once (64 KiB with segmentation offload): a smaller bucket passes nothing. */
const SMALLEST_BURST_KBIT = 600;

/** So many kilobits (1,000 bits) a second, and so many at once; null is a fifth of a second, and 2,000 at least. */
export const Bandwidth = z.strictObject({
  kbps: z.int().min(64).max(400_000_000),
  burstKbit: z.int().min(SMALLEST_BURST_KBIT).max(400_000_000).nullable().default(null),
});
export type Bandwidth = z.infer<typeof Bandwidth>;

/** So many connections that begin in a second, and so many at once; null is those of one second. */
export const ConnectionRate = z.strictObject({
  perSecond: z.int().min(1).max(1_000_000),
  burst: z.int().min(1).max(1_000_000).nullable().default(null),
});
export type ConnectionRate = z.infer<typeof ConnectionRate>;

const OpenConnections = z.int().min(10).max(1_000_000);

/** What a vNIC may have at most; null is as much as it can. Out is what it sends, and what it begins. */
export const LimitValues = z.object({
  bandwidthOut: Bandwidth.nullable().default(null),
  bandwidthIn: Bandwidth.nullable().default(null),
  newOut: ConnectionRate.nullable().default(null),
  newIn: ConnectionRate.nullable().default(null),
  /** Connections at the same time, begun by it or by others. */
  open: OpenConnections.nullable().default(null),
});
export type LimitValues = z.infer<typeof LimitValues>;

export const LIMIT_KINDS = ['bandwidthOut', 'bandwidthIn', 'newOut', 'newIn', 'open'] as const;
export const LimitKind = z.enum(LIMIT_KINDS);
export type LimitKind = z.infer<typeof LimitKind>;

/** Connections at the same time of all vNICs of a network together, on each host. */
export const NetworkConnections = z.int().min(10).max(10_000_000);

/** What of a limit is of each network that it names, and not of vNICs; null is the network's share of its host's table. */
export const NetworkLimitValues = z.object({ networkOpen: NetworkConnections.nullable().default(null) });
export type NetworkLimitValues = z.infer<typeof NetworkLimitValues>;

/** Of whom the drops are that a host counts: networks, by their numbers. */
export const NETWORK_LIMIT_KINDS = ['networkOpen'] as const;
export const NetworkLimitKind = z.enum(NETWORK_LIMIT_KINDS);
export type NetworkLimitKind = z.infer<typeof NetworkLimitKind>;

/** All that a limit may give. */
export const LIMIT_VALUES = [...LIMIT_KINDS, ...NETWORK_LIMIT_KINDS] as const;

/**
 * What a rule lets pass at most, all its connections together; null is as much as comes. Every host counts for itself: what
 * begins at one host and ends at another is counted at both, so each lets pass no more than this, and all of them may more.
 */
export const RuleLimits = z.strictObject({
  /** Both directions. */
  bandwidth: Bandwidth.nullable().default(null),
  newConnections: ConnectionRate.nullable().default(null),
  /** Connections at the same time. */
  open: OpenConnections.nullable().default(null),
});
export type RuleLimits = z.infer<typeof RuleLimits>;

export const UNLIMITED: RuleLimits = Object.freeze({ bandwidth: null, newConnections: null, open: null });

export const isUnlimited = (limits: RuleLimits): boolean => Object.values(limits).every((value) => value === null);

export const RULE_LIMIT_KINDS = ['ruleBandwidth', 'ruleNew', 'ruleOpen'] as const;
export const RuleLimitKind = z.enum(RULE_LIMIT_KINDS);
export type RuleLimitKind = z.infer<typeof RuleLimitKind>;

/**
 * Limits of each vNIC of the named VMs, in the named groups, on the named networks and of the named tenants; of every vNIC
 * when nothing is named. Each vNIC has a limit for itself: it shares none with others. What is of networks
 * ({@link NetworkLimitValues}) counts for those that it names, for those of the named tenants, or for every network.
 */
export const Limit = z.object({
  id: Id,
  num: Num,
  name: Name,
  description: z.string().max(500),
  vmIds: z.array(Id).max(1000),
  groupIds: z.array(Id).max(100),
  networkIds: z.array(Id).max(1000),
  tenantIds: z.array(Id).max(1000),
  ...LimitValues.shape,
  ...NetworkLimitValues.shape,
  revision: z.int(),
  changedAt: Instant,
});
export type Limit = z.infer<typeof Limit>;

/** Whether a limit is one of every vNIC. By what is written: one whose names nothing answers to any more is nobody's. */
export const isForEveryone = (names: Pick<Limit, 'vmIds' | 'groupIds' | 'networkIds' | 'tenantIds'>): boolean =>
  names.vmIds.length + names.groupIds.length + names.networkIds.length + names.tenantIds.length === 0;

/** A limit as hosts have it. */
export const IntentLimit = z.object({
  num: Num,
  vmIds: z.array(Id),
  /** Set numbers of its groups; null is every vNIC, an empty list no group. */
  sets: z.array(Num).nullable(),
  /** Numbers of networks and of tenants. */
  networks: z.array(Num).default([]),
  tenants: z.array(Num).default([]),
  ...LimitValues.shape,
});
export type IntentLimit = z.infer<typeof IntentLimit>;

const Count = z.int().min(0);

/** What a limit has taken from a vNIC, a rule, or a network, on a host since the host began to count. */
export const LimitReading = z.object({
  /** Of the vNIC, the rule, or the network: as its kind says. */
  num: Num,
  kind: z.enum([...LIMIT_KINDS, ...RULE_LIMIT_KINDS, ...NETWORK_LIMIT_KINDS]),
  droppedPackets: Count,
  droppedBytes: Count,
});
export type LimitReading = z.infer<typeof LimitReading>;
