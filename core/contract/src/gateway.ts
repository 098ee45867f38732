import {
  Blocked,
  HostIntent,
  Id,
  Mac,
  NameDetails,
  NameKind,
  Recognised,
  Signature,
  SignatureStatus,
  Vlan,
} from '@hypervigil/model';
import { z } from 'zod';

/**
 * Messages between a host and a gateway VM: JSON in frames over virtio-serial. The host speaks first with `hello`, and the
 * gateway answers `ready`. Neither believes the other: both sides parse what comes with these schemas.
 */
export const GATEWAY_PORT = 'org.hypervigil.gateway.0';
export const GATEWAY_PROTOCOL = 1;
/** Bytes of JSON in one frame. A policy of 50,000 rules and 100,000 vNICs is about 30 MB. */
export const GATEWAY_MAX_COMMAND_BYTES = 64 * 1024 * 1024;
export const GATEWAY_MAX_MESSAGE_BYTES = 1024 * 1024;
/** Chunks of captures that may be on their way without the host's word that they came. */
export const GATEWAY_CAPTURE_WINDOW = 8;

const Count = z.int().min(0);
const NetworkNum = z.int().min(1).max(65535);
const Text = z.string().max(255);

/** The data vNICs, in the order of their PCI addresses. What comes in left leaves right, and the other way round. */
export const GATEWAY_ROLES = ['left', 'right', 'mirror'] as const;
export const GatewayRole = z.enum(GATEWAY_ROLES);
export type GatewayRole = z.infer<typeof GatewayRole>;

export const GatewayPolicy = z.object({
  /** Of this document; what a gateway applied is reported by it. */
  revision: Count,
  intent: HostIntent,
  /** With which VLAN tag, or none, the frames of a network come. */
  lanes: z
    .array(z.object({ vlan: Vlan.nullable(), network: NetworkNum }))
    .max(4095)
    .refine((lanes) => new Set(lanes.map(({ vlan }) => vlan)).size === lanes.length),
  /** Bytes of the largest packet that the data vNICs have to carry. */
  mtu: z.int().min(68).max(65535),
  /**
   * Whether TCP connections whose beginning was not seen may go on, if the rules allow them: true when a gateway takes over
   * from another, or is put into the path of running connections.
   */
  pickup: z.boolean(),
  /** Whether the detector looks at connections. Rules that block what is recognised need it. */
  detect: z.boolean(),
  /** Whether a detector looks at what comes to the mirror vNIC, too. */
  copies: z.boolean().default(false),
});
export type GatewayPolicy = z.infer<typeof GatewayPolicy>;

/** What to copy; all of it when every field is null. */
export const GatewayCaptureFilter = z.object({
  host: z.union([z.ipv4(), z.ipv6()]).nullable(),
  protocol: z.int().min(0).max(255).nullable(),
  port: z.int().min(0).max(65535).nullable(),
});
export type GatewayCaptureFilter = z.infer<typeof GatewayCaptureFilter>;

export const GatewayCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.int() }),
  z.object({ type: z.literal('policy'), policy: GatewayPolicy }),
  z.object({ type: z.literal('probe'), id: Id }),
  /** These batches of the log are durable: the gateway may forget them. */
  z.object({ type: z.literal('log.stored'), batch: Count }),
  /** A capture ends at whichever bound it meets first. */
  z.object({
    type: z.literal('capture.start'),
    id: Id,
    role: GatewayRole,
    filter: GatewayCaptureFilter,
    maxBytes: z
      .int()
      .min(1)
      .max(256 * 1024 * 1024),
    maxSeconds: z.int().min(1).max(3600),
    snapLength: z.int().min(64).max(65535),
  }),
  z.object({ type: z.literal('capture.received'), id: Id, chunk: Count }),
  z.object({ type: z.literal('capture.stop'), id: Id }),
  z.object({ type: z.literal('shutdown') }),
]);
export type GatewayCommand = z.infer<typeof GatewayCommand>;
export type GatewayCaptureStart = Extract<GatewayCommand, { type: 'capture.start' }>;

/** What the detector made of a connection. */
export const GatewayRecognised = Recognised;
export type GatewayRecognised = Recognised;

/** Between whom, as the connection was opened. */
export const GatewayTuple = z.object({
  net: z.int().min(0).max(65535),
  protocol: z.int().min(0).max(255),
  srcIp: z.string().max(45),
  dstIp: z.string().max(45),
  /** 0 where the protocol has none; for ICMP the type and the code are `dstPort` / 256 and its rest. */
  srcPort: z.int().min(0).max(65535),
  dstPort: z.int().min(0).max(65535),
});
export type GatewayTuple = z.infer<typeof GatewayTuple>;

/** A connection that ended, or one that was denied. Counters are totals. */
export const GatewayFlow = GatewayTuple.extend({
  verdict: z.enum(['allow', 'deny']),
  /** The rule that decided last: 0 when nobody knows any more. */
  rule: z.int().min(0).max(0xffff_ffff),
  revision: Count,
  bytes: Count,
  packets: Count,
  replyBytes: Count,
  replyPackets: Count,
  startMs: Count,
  endMs: Count,
  recognised: GatewayRecognised.nullable(),
});
export type GatewayFlow = z.infer<typeof GatewayFlow>;

/** What a connection turned out to be, as soon as that is known and whenever more of it is. */
export const GatewaySight = GatewayTuple.extend({
  atMs: Count,
  recognised: GatewayRecognised,
  /** The rule that ends it for that; null for a connection that goes on. */
  deniedBy: z.int().min(0).max(0xffff_ffff).nullable(),
  /** For which of the rule's blocks. */
  blocked: Blocked.nullable().default(null),
  /** It was recognised from copies: the connection itself goes its own way. */
  copied: z.boolean().default(false),
});
export type GatewaySight = z.infer<typeof GatewaySight>;

/** A name that was asked for (DNS) or spoken to (TLS, HTTP), when it was seen. */
export const GatewayName = GatewayTuple.extend({
  kind: NameKind,
  name: z.string().max(1024),
  atMs: Count,
  details: NameDetails,
});
export type GatewayName = z.infer<typeof GatewayName>;

/** What Suricata has seen in a packet that a mirror sent. */
export const GatewayAlert = GatewayTuple.extend({ ...Signature.omit({ at: true }).shape, atMs: Count });
export type GatewayAlert = z.infer<typeof GatewayAlert>;

export const GatewayState = z.object({
  /** Applied policy, null before the first. */
  revision: Count.nullable(),
  uptimeS: z.number().min(0),
  /** Load over one minute. */
  load: z.number().min(0),
  /** Share of the processors that work, packets included, damped over a minute. */
  busy: z.number().min(0).max(1).nullable().default(null),
  /** Processors that it uses. */
  processors: z.int().min(1).max(4096).nullable().default(null),
  memoryKiB: z.object({ total: Count, available: Count }),
  connections: z.object({ count: Count, max: Count }),
  /** What each rule has decided since the gateway started: connections judged, and packets of denied ones. */
  counters: z.array(z.object({ rule: z.int().min(0).max(0xffff_ffff), packets: Count, bytes: Count })).max(60_000),
  interfaces: z
    .array(
      z.object({
        role: GatewayRole,
        rxPackets: Count,
        rxBytes: Count,
        rxDropped: Count,
        txPackets: Count,
        txBytes: Count,
        txDropped: Count,
      }),
    )
    .max(3),
  /** Log entries that were lost because nobody took them. */
  lost: Count,
  detector: z.enum(['off', 'running', 'failed']),
  signatures: SignatureStatus.default('absent'),
});
export type GatewayState = z.infer<typeof GatewayState>;

export const GatewayFault = z.enum(['bad-command', 'mtu', 'refused', 'failed', 'busy']);
export type GatewayFault = z.infer<typeof GatewayFault>;

export const GatewayMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    protocol: z.int(),
    /** Of the image's recipe: the builder's manifest has it, too. */
    build: z.string().max(64),
    kernel: Text,
    versions: z.record(z.string().max(64), Text),
    interfaces: z.array(z.object({ role: GatewayRole, mac: Mac, mtu: Count })).max(3),
    revision: Count.nullable(),
  }),
  /** `revision` is in force, or `error` says why not, and `kept` what is in force instead. */
  z.object({
    type: z.literal('applied'),
    revision: Count,
    kept: Count.nullable(),
    error: z.object({ fault: GatewayFault, message: z.string().max(2000) }).nullable(),
    tookMs: z.number().min(0),
  }),
  z.object({ type: z.literal('state'), probe: Id.nullable(), state: GatewayState }),
  z.object({
    type: z.literal('log'),
    batch: Count,
    /** The gateway's clock as it sends this; 0 when it does not say. */
    nowMs: Count.default(0),
    flows: z.array(GatewayFlow).max(500),
    sights: z.array(GatewaySight).max(500).default([]),
    names: z.array(GatewayName).max(500),
    alerts: z.array(GatewayAlert).max(500).default([]),
  }),
  z.object({ type: z.literal('capture.chunk'), id: Id, chunk: Count, data: z.base64().max(512 * 1024) }),
  z.object({
    type: z.literal('capture.end'),
    id: Id,
    reason: z.enum(['bytes', 'seconds', 'stopped', 'failed']),
    message: z.string().max(2000),
    chunks: Count,
    bytes: Count,
  }),
  z.object({ type: z.literal('fault'), fault: GatewayFault, message: z.string().max(2000) }),
]);
export type GatewayMessage = z.infer<typeof GatewayMessage>;
