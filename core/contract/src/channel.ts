import {
  Blocked,
  CAPTURE_PART_BYTES,
  CaptureReport,
  ExporterReport,
  GatewayNum,
  GatewayReport,
  HealthItem,
  HostFacts,
  HostFirewallIntent,
  HostFirewallStatus,
  HostIntent,
  HostIntentPatch,
  Id,
  InspectionOutcome,
  Instant,
  IntentExporter,
  IntentGateway,
  IntentMirror,
  LimitReading,
  MAX_CAPTURES_KEPT,
  MAX_EXPORTERS_PER_HOST,
  MAX_GATEWAYS_PER_HOST,
  MAX_LINKS,
  MAX_MIRRORS,
  MAX_SIGNATURES,
  MAX_STRANGERS,
  Mac,
  MirrorReport,
  NameDetails,
  NameKind,
  Recognised,
  Signature,
  Stranger,
  TaskKind,
  VmState,
} from '@hypervigil/model';
import { z } from 'zod';

/**
 * Messages between an engine and the platform: JSON text frames on one WebSocket that the engine opens with its
 * certificate (`/api/v1/engine/channel`). Engine speaks first with `hello`. At most {@link CHANNEL_MAX_BYTES} a frame. The
 * platform's pings (RFC 6455, 5.5.2) carry its clock, so that an engine knows at any time how far its own is off:
 * milliseconds since 1970 in decimal digits.
 */
export const CHANNEL_PATH = '/api/v1/engine/channel';
export const CHANNEL_PROTOCOL = 'hypervigil.1';
export const CHANNEL_MAX_BYTES = 64 * 1024 * 1024;
/** The host enforces a firewall of its own management side. */
export const HOST_FIREWALL_FEATURE = 'host-firewall.1';
/** The host runs gateway VMs. */
export const GATEWAYS_FEATURE = 'gateways.1';
/** The host copies packets for mirrors, and keeps captures of them. */
export const MIRRORS_FEATURE = 'mirrors.1';
/** The host listens for exporters of flows. */
export const EXPORTERS_FEATURE = 'exporters.1';
/** VMs that one host may have. */
export const MAX_VMS = 20_000;

/** A vNIC as libvirt and the switch show it. `claims` come from the domain's metadata and are only a proposal. */
export const ObservedVnic = z.object({
  id: Id,
  mac: Mac,
  device: z.string().max(64).nullable(),
  bridge: z.string().max(64).nullable(),
  ofport: z.int().nullable(),
  /** True when the engine polices this vNIC now. */
  enforced: z.boolean(),
  onSwitch: z.boolean(),
  claims: z.object({
    network: z.string().max(63).nullable(),
    ipv4: z.array(z.ipv4()).max(64),
    ipv6: z.array(z.ipv6()).max(64),
  }),
});
export type ObservedVnic = z.infer<typeof ObservedVnic>;

export const ObservedVm = z.object({
  id: Id,
  name: z.string().min(1).max(255),
  state: VmState,
  vcpus: z.int().min(0),
  memoryMiB: z.int().min(0),
  hypervisor: z.enum(['kvm', 'qemu', 'other']),
  /** True on the target of a migration that has not finished: the VM runs elsewhere still. */
  incoming: z.boolean(),
  claims: z.object({ tenant: z.string().max(63).nullable(), tags: z.record(z.string().max(63), z.string().max(255)) }),
  vnics: z.array(ObservedVnic).max(64),
});
export type ObservedVm = z.infer<typeof ObservedVm>;

/** Deltas of one connection since its last record. Addresses are text; `net` is the network's number. */
export const FlowRecord = z.object({
  key: z.string().max(64),
  point: z.enum(['egress', 'ingress']),
  net: z.int().min(0).max(65535),
  protocol: z.int().min(0).max(255),
  srcIp: z.string().max(45),
  dstIp: z.string().max(45),
  srcPort: z.int().min(0).max(65535),
  dstPort: z.int().min(0).max(65535),
  srcMac: z.string().max(17).nullable(),
  dstMac: z.string().max(17).nullable(),
  icmpType: z.int().nullable(),
  icmpCode: z.int().nullable(),
  verdict: z.enum(['allow', 'deny']),
  rule: z.int().min(0),
  /** What staged rules would make of it, and by which of them; null where none speaks of it. */
  pending: z
    .object({ verdict: z.enum(['allow', 'deny']), rule: z.int().min(0) })
    .nullable()
    .default(null),
  /** What became of it if its rule wants it inspected and this host is the one to do it. */
  inspection: z
    .object({
      outcome: InspectionOutcome,
      gateway: z.object({ num: GatewayNum, id: Id.nullable() }).nullable(),
      /** Of a chain, those that it went through after that one. */
      later: z
        .array(z.object({ num: GatewayNum, id: Id.nullable() }))
        .max(MAX_LINKS - 1)
        .default([]),
      ...Recognised.shape,
      signatures: z.array(Signature).max(MAX_SIGNATURES).default([]),
      blocked: Blocked.nullable().default(null),
    })
    .nullable()
    .default(null),
  revision: z.int().min(0),
  bytes: z.int().min(0),
  packets: z.int().min(0),
  replyBytes: z.int().min(0),
  replyPackets: z.int().min(0),
  tcpFlags: z.int().min(0),
  startMs: z.int().min(0),
  endMs: z.int().min(0),
  /** Whether it is the connection's first record; missing where the engine does not know. */
  first: z.boolean().optional(),
  /** Who saw it, where that was not the host; `point` says nothing then. */
  exporter: Id.optional(),
});
export type FlowRecord = z.infer<typeof FlowRecord>;

/** A name that passed one of the host's gateways. Addresses are text; `net` is the network's number. */
export const NameRecord = z.object({
  net: z.int().min(0).max(65535),
  protocol: z.int().min(0).max(255),
  srcIp: z.string().max(45),
  dstIp: z.string().max(45),
  srcPort: z.int().min(0).max(65535),
  dstPort: z.int().min(0).max(65535),
  gateway: z.object({ num: GatewayNum, id: Id.nullable() }),
  kind: NameKind,
  name: z.string().max(1024),
  details: NameDetails,
  atMs: z.int().min(0),
});
export type NameRecord = z.infer<typeof NameRecord>;

const TaskParams = z.record(z.string(), z.unknown());

export const EngineMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    facts: HostFacts,
    intentRevision: z.int(),
    policyRevision: z.int(),
    /** Of the engine's process, new at each start: what was told to an earlier one, this one does not know. */
    processId: z.string().min(1).max(64),
    /** What of this contract the engine knows beyond its first form; nothing else of it is sent there. */
    features: z.array(z.string().max(64)).max(64).optional(),
    sentAt: Instant,
  }),
  /** What the host learned of itself since it said hello: libvirt and the switch may answer later. */
  z.object({ type: z.literal('facts'), facts: HostFacts }),
  /** Everything there is. `drift` tells what events had missed; a difference is itself reported. */
  z.object({
    type: z.literal('inventory'),
    reason: z.enum(['start', 'schedule', 'demand', 'reconnect']),
    vms: z.array(ObservedVm).max(MAX_VMS),
    drift: z.array(z.string().max(500)).max(1000),
  }),
  z.object({ type: z.literal('vm'), vm: ObservedVm }),
  z.object({ type: z.literal('vm.gone'), id: Id }),
  z.object({
    type: z.literal('applied'),
    revision: z.int(),
    policyRevision: z.int(),
    error: z.string().max(2000).nullable(),
    flows: z.int().min(0),
    tookMs: z.number().min(0),
  }),
  /** The engine does not hold the base of a patch. */
  z.object({ type: z.literal('intent.wanted'), have: z.int() }),
  z.object({
    type: z.literal('flows'),
    batch: z.string().max(64),
    records: z.array(FlowRecord).max(10_000),
    names: z.array(NameRecord).max(10_000).default([]),
    lost: z.int().min(0),
  }),
  /** After the platform's own `host-firewall`, and never to a platform that does not send it. */
  z.object({ type: z.literal('host-firewall'), status: HostFirewallStatus }),
  /** All gateways of the host, when something of them changed and now and then. */
  z.object({ type: z.literal('gateways'), gateways: z.array(GatewayReport).max(MAX_GATEWAYS_PER_HOST) }),
  /** What limits dropped since the host last said so; nothing when nothing was. */
  z.object({ type: z.literal('limits'), readings: z.array(LimitReading).max(100_000) }),
  /** All mirrors and captures that the host has, when something of them changed and now and then. */
  z.object({
    type: z.literal('mirrors'),
    mirrors: z.array(MirrorReport).max(MAX_MIRRORS),
    captures: z.array(CaptureReport).max(MAX_CAPTURES_KEPT),
  }),
  /** All exporters that the host listens for, and who else sends there, when something of them changed and now and then. */
  z.object({
    type: z.literal('exporters'),
    exporters: z.array(ExporterReport).max(MAX_EXPORTERS_PER_HOST),
    strangers: z.array(Stranger).max(MAX_STRANGERS),
  }),
  /** The answer to `capture.read`. No data and no `next` is a file that is not there. */
  z.object({
    type: z.literal('capture.part'),
    request: Id,
    data: z
      .base64()
      .max(Math.ceil(CAPTURE_PART_BYTES / 3) * 4)
      .nullable(),
    next: z.int().min(0).nullable(),
  }),
  z.object({ type: z.literal('health'), items: z.array(HealthItem).max(20), sentAt: Instant }),
  z.object({
    type: z.literal('task'),
    id: Id,
    state: z.enum(['running', 'done', 'failed']),
    progress: z.number().min(0).max(1).nullable(),
    error: z.object({ code: z.string().max(64), message: z.string().max(2000) }).nullable(),
  }),
]);
export type EngineMessage = z.infer<typeof EngineMessage>;

export const PlatformMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), hostId: Id, now: Instant }),
  z.object({ type: z.literal('intent'), intent: HostIntent }),
  z.object({ type: z.literal('intent.patch'), patch: HostIntentPatch }),
  /** The batch is durable, or was already: the engine may forget it. */
  z.object({ type: z.literal('flows.stored'), batch: z.string().max(64) }),
  /** To engines with the feature, once after `welcome` and with every change. Null: nobody ever said anything of it. */
  z.object({ type: z.literal('host-firewall'), intent: HostFirewallIntent.nullable() }),
  /** All gateways that the host has to run. To engines with the feature, after `welcome` and with every change. */
  z.object({ type: z.literal('gateways'), gateways: z.array(IntentGateway).max(MAX_GATEWAYS_PER_HOST) }),
  /** All mirrors of the cloud, and the captures whose files are kept. To engines with the feature, after `welcome` and with every change. */
  z.object({
    type: z.literal('mirrors'),
    mirrors: z.array(IntentMirror).max(MAX_MIRRORS),
    keep: z.array(Id).max(MAX_CAPTURES_KEPT),
  }),
  /** All exporters that the host has to listen for. To engines with the feature, after `welcome` and with every change. */
  z.object({ type: z.literal('exporters'), exporters: z.array(IntentExporter).max(MAX_EXPORTERS_PER_HOST) }),
  z.object({ type: z.literal('capture.read'), request: Id, id: Id, offset: z.int().min(0) }),
  z.object({ type: z.literal('sync') }),
  z.object({
    type: z.literal('task'),
    id: Id,
    kind: TaskKind,
    vmId: Id.nullable(),
    params: TaskParams,
    leaseSeconds: z.int().min(1),
  }),
]);
export type PlatformMessage = z.infer<typeof PlatformMessage>;
