import { z } from 'zod';
import { Ipv4, Ipv6 } from './address.ts';
import { Id, Instant, Name, Num } from './ids.ts';
import { GatewayGroupId, GatewayNum } from './inspect.ts';

/** Number of a mirror, never given twice. */
export const MirrorNum = Num;
export type MirrorNum = z.infer<typeof MirrorNum>;

/** How copies are wrapped for the collector that a tunnel leads to. */
export const TUNNEL_PROTOCOLS = ['vxlan', 'gre', 'erspan'] as const;

/**
 * Where copies go: to a collector outside of the cloud, into files of their hosts while a capture runs, or to a gateway of
 * their hosts that recognises what they are part of and lets nothing of them on.
 */
export const MirrorTarget = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('tunnel'),
    protocol: z.enum(TUNNEL_PROTOCOLS),
    collector: z.union([Ipv4, Ipv6]),
    /** VXLAN network identifier, GRE key, or ERSPAN session. */
    key: z.int().min(1).max(1023),
  }),
  z.strictObject({ kind: z.literal('capture') }),
  z.strictObject({ kind: z.literal('gateway'), groupId: GatewayGroupId }),
]);
export type MirrorTarget = z.infer<typeof MirrorTarget>;

/** The most connections of which one is copied. */
export const MAX_ONE_IN = 1024;

/** Copies of a tenant's traffic: of its VMs' as it arrives, and of what rules that name the mirror let pass. */
export const Mirror = z.object({
  id: Id,
  num: MirrorNum,
  name: Name,
  description: z.string().max(500),
  /** Whose traffic it copies: no rule of anybody else may name it. */
  tenantId: Id,
  /** VMs of the tenant all of whose traffic is copied, whatever becomes of it. */
  vmIds: z.array(Id).max(1000),
  /** Of so many connections one is copied, and that one whole. */
  oneIn: z.int().min(1).max(MAX_ONE_IN),
  target: MirrorTarget,
  revision: z.int(),
  changedAt: Instant,
});
export type Mirror = z.infer<typeof Mirror>;

/** What bounds a capture; the first bound that it meets ends it, but for the rate: packets beyond that are left out. */
export const CaptureBounds = z.strictObject({
  seconds: z.int().min(1).max(3600).default(60),
  /** Of one host's file. */
  maxMiB: z.int().min(1).max(256).default(16),
  packetsPerSecond: z.int().min(1).max(100_000).default(5000),
  /** Bytes of each packet that are kept. */
  snapLength: z.int().min(64).max(65_535).default(262),
});
export type CaptureBounds = z.infer<typeof CaptureBounds>;

/** That run at a time, of all tenants. */
export const MAX_CAPTURES_RUNNING = 16;
/** Whose files are kept. */
export const MAX_CAPTURES_KEPT = 1000;

/** A mirror as every host has to have it. */
export const IntentMirror = z.object({
  id: Id,
  num: MirrorNum,
  oneIn: Mirror.shape.oneIn,
  /** Numbers of the vNICs whose traffic is copied as it arrives. */
  vnics: z.array(Num).max(64_000),
  target: z.discriminatedUnion('kind', [
    MirrorTarget.options[0],
    z.object({
      kind: z.literal('capture'),
      /** The one that runs; null is none, and copies go nowhere. */
      capture: CaptureBounds.extend({ id: Id }).nullable(),
    }),
    z.object({ kind: z.literal('gateway'), group: GatewayNum }),
  ]),
});
export type IntentMirror = z.infer<typeof IntentMirror>;

export const MAX_MIRRORS = 1000;

const Count = z.int().min(0);
const Reason = z.string().max(500).nullable();

/** What a host says of a mirror. */
export const MirrorReport = z.object({
  id: Id,
  /** `ready`: copies have a place to go to; `idle`: it captures, and no capture runs; `missing`: they have none, for a `reason`. */
  state: z.enum(['ready', 'idle', 'missing']),
  reason: Reason,
  /** Packets, since the flows that count them were made. */
  copied: Count,
  dropped: Count,
});
export type MirrorReport = z.infer<typeof MirrorReport>;

/** What a host says of its part of a capture. */
export const CaptureReport = z.object({
  id: Id,
  state: z.enum(['running', 'done', 'failed']),
  reason: Reason,
  packets: Count,
  /** Packets beyond the rate, or that came faster than they could be read. */
  leftOut: Count,
  bytes: Count,
  /** Of the whole file, once it is whole. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});
export type CaptureReport = z.infer<typeof CaptureReport>;

/** A capture with the files that hosts have of it. */
export const Capture = z.object({
  id: Id,
  mirrorId: Id,
  mirrorName: Name,
  tenantId: Id,
  bounds: CaptureBounds,
  startedBy: z.string(),
  startedAt: Instant,
  /** When its time is over, or when somebody ended it. */
  endsAt: Instant,
  isRunning: z.boolean(),
  /** One a host. Where its tenant's people ask, without the hosts: those are the provider's. */
  files: z.array(
    CaptureReport.extend({ hostId: Id.nullable(), hostName: z.string().nullable(), hostOnline: z.boolean() }),
  ),
});
export type Capture = z.infer<typeof Capture>;

/** Hosts keep the files of a capture for so long, and no longer than the capture is known. */
export const CAPTURE_DAYS = 7;

/** Bytes of a capture's file that are read at once. */
export const CAPTURE_PART_BYTES = 256 * 1024;
