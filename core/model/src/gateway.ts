import { z } from 'zod';
import { Id, Instant, Name } from './ids.ts';
import { GatewayNum } from './inspect.ts';

/** What a gateway boots with; whatever it is to have beyond comes while it runs, and goes again. */
export const GATEWAY_BOOT_MIB = 320;
/** Memory comes and goes in pieces of so much (virtio-mem in Linux on x86-64: a block of the buddy allocator). */
export const GATEWAY_MEMORY_STEP_MIB = 4;

/** Gateway VMs that are alike; rules name the group, and each host has its own of them. */
export const GatewayGroup = z.object({
  id: Id,
  num: GatewayNum,
  name: Name,
  description: z.string().max(500),
  /** The tenant whose rules alone may name the group; null for a group of the provider, which all may name. */
  tenantId: Id.nullable(),
  /** How many of them run on each host at least, and share its connections. */
  perHost: z.int().min(1).max(8),
  /** How many of them run there while they are busy. */
  maxPerHost: z.int().min(1).max(8),
  vcpus: z.int().min(1).max(32),
  memoryMiB: z.int().min(GATEWAY_BOOT_MIB).max(65_536),
  /** Whether applications and names are recognised. */
  detect: z.boolean(),
  revision: z.int(),
  changedAt: Instant,
});
export type GatewayGroup = z.infer<typeof GatewayGroup>;

/**
 * What is seen of a gateway: `waiting` to be started, `starting` until packets pass it, `up`, `silent` when packets no
 * longer do, `failed` when it cannot be started.
 */
export const GATEWAY_STATES = ['waiting', 'starting', 'up', 'silent', 'failed'] as const;
export const GatewayPhase = z.enum(GATEWAY_STATES);
export type GatewayPhase = z.infer<typeof GatewayPhase>;

const Count = z.int().min(0);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const SignatureStatus = z.enum(['absent', 'off', 'running', 'failed']);
export type SignatureStatus = z.infer<typeof SignatureStatus>;

/** A gateway as its host sees it. */
export const GatewayReport = z.object({
  id: Id,
  phase: GatewayPhase,
  /** Why it does not run, in English for logs; null when all is well. */
  reason: z.string().max(500).nullable(),
  /** Of the image that it was started from, and of the one that the host would start now. */
  measurement: Sha256.nullable(),
  available: Sha256.nullable(),
  availableVersion: z.string().max(64).nullable().default(null),
  /** What the gateway says of itself. */
  version: z.string().max(64).nullable().default(null),
  build: z.string().max(64).nullable(),
  kernel: z.string().max(255).nullable(),
  /** Of the policy in force in it, and of the one that the host has told it last. */
  revision: Count.nullable(),
  toldRevision: Count.nullable(),
  uptimeS: z.number().min(0).nullable(),
  load: z.number().min(0).nullable(),
  /** Share of its processors that work, over about a minute. */
  busy: z.number().min(0).max(1).nullable().default(null),
  memoryAvailableKiB: Count.nullable(),
  connections: Count.nullable(),
  /** Packets that its rules have denied since it started. */
  denied: Count.nullable(),
  detector: z.enum(['off', 'running', 'failed']).nullable(),
  /** Its intrusion detection; `absent` when its image was built without. */
  signatures: SignatureStatus.nullable().default(null),
  /** What it runs with now, and up to what that can be changed while it runs. */
  vcpus: Count.nullable().default(null),
  memoryMiB: Count.nullable().default(null),
  maxVcpus: Count.nullable().default(null),
  maxMemoryMiB: Count.nullable().default(null),
  /** It cannot become as large, or as small, as it should be without being started anew. */
  outgrown: z.boolean().default(false),
});
export type GatewayReport = z.infer<typeof GatewayReport>;

/** A gateway VM as a host has to run it. `id` is also libvirt's. */
export const IntentGateway = z.object({
  id: Id,
  num: GatewayNum,
  group: GatewayNum,
  /** Rises when the gateway is to be started anew. */
  epoch: Count,
  /** It keeps its connections and is given no new ones. */
  drain: z.boolean(),
  vcpus: GatewayGroup.shape.vcpus,
  memoryMiB: GatewayGroup.shape.memoryMiB,
  detect: z.boolean(),
});
export type IntentGateway = z.infer<typeof IntentGateway>;

export const MAX_GATEWAYS_PER_HOST = 64;

/** A gateway with what is seen of it. */
export const Gateway = z.object({
  id: Id,
  num: GatewayNum,
  groupId: Id,
  groupName: Name,
  hostId: Id,
  hostName: Name,
  hostOnline: z.boolean(),
  epoch: Count,
  drain: z.boolean(),
  /** It is no longer needed, and goes when its connections are over. */
  retired: z.boolean(),
  /** Another takes its place and it goes when that one is up. */
  replacedBy: Id.nullable(),
  /** Null before its host has said anything of it. */
  report: GatewayReport.omit({ id: true }).nullable(),
  /** What is not as it should be: another image than its host has, another policy than its host enforces, not its group's size. */
  drift: z.array(z.enum(['image', 'policy', 'size'])),
  createdAt: Instant,
  lastSeenAt: Instant.nullable(),
});
export type Gateway = z.infer<typeof Gateway>;
