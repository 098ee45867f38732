import { z } from 'zod';
import { Ip } from './address.ts';
import { Id, Instant } from './ids.ts';
import { GatewayNum, MAX_LINKS } from './inspect.ts';
import { Blocked } from './recognition.ts';
import { MAX_SIGNATURES, Signature } from './signature.ts';

export const Verdict = z.enum(['allow', 'deny']);
export type Verdict = z.infer<typeof Verdict>;

/** What the verdict would be if every staged rule were enforced; no staged rule spoke of a flow that has none. */
export const Pending = z.object({
  verdict: Verdict,
  /** The staged rule that decides it, or that lets pass to what decides it. */
  ruleNum: z.int().min(0),
  ruleId: Id.nullable(),
  policyId: Id.nullable(),
});
export type Pending = z.infer<typeof Pending>;

/**
 * A flow that is to be inspected goes through a gateway, or those of a chain (`partly`: some of them); while none can take it,
 * its rule lets it pass or ends it. Of one that is `copied` a gateway got copies alone, and recognised something.
 */
export const INSPECTION_OUTCOMES = ['through', 'partly', 'bypassed', 'dropped', 'copied'] as const;
export const InspectionOutcome = z.enum(INSPECTION_OUTCOMES);
export type InspectionOutcome = z.infer<typeof InspectionOutcome>;

/** What a gateway makes of a flow: nDPI's words for applications, from the carrier to what it carries, and its numbers of risks. */
export const Recognised = z.object({
  applications: z.array(z.string().max(255)).max(8).default([]),
  /** The name that was asked for or spoken to (DNS, TLS, HTTP). */
  name: z.string().max(255).nullable().default(null),
  risks: z.array(z.int().min(0).max(63)).max(64).default([]),
});
export type Recognised = z.infer<typeof Recognised>;

/** A gateway that saw a flow; nobody knows the id of one that is long gone. */
export const FlowGateway = z.object({ gatewayNum: GatewayNum, gatewayId: Id.nullable() });
export type FlowGateway = z.infer<typeof FlowGateway>;

/** What became of a flow that its rule wants inspected, or a mirror copies to a gateway. */
export const Inspection = z.object({
  outcome: InspectionOutcome,
  /** The gateway that it went through first, or that got copies of it. */
  gatewayNum: GatewayNum.nullable(),
  gatewayId: Id.nullable(),
  /** Every one that it went through, in the order of its chain, the first as well. */
  gateways: z.array(FlowGateway).max(MAX_LINKS).default([]),
  ...Recognised.shape,
  /** What the gateway's intrusion detection has seen in it, in the order of the first time. */
  signatures: z.array(Signature).max(MAX_SIGNATURES).default([]),
  /** For what the gateway ended it. */
  blocked: Blocked.nullable().default(null),
});
export type Inspection = z.infer<typeof Inspection>;

/** ISO 3166-1 alpha-2, in upper case. */
export const Country = z.string().regex(/^[A-Z]{2}$/);
/** Number of an autonomous system (RFC 6793). */
export const Asn = z.int().min(0).max(0xffff_ffff);

/** One end of a flow. */
export const FlowEnd = z.object({
  ip: Ip,
  port: z.int().min(0).max(65535),
  mac: z.string().max(17).nullable(),
  vmId: Id.nullable(),
  vnicId: Id.nullable(),
  tenantId: Id.nullable(),
  /** Of an address outside of the cloud, where a file that the platform was given says that it is. */
  country: Country.optional(),
  asn: Asn.optional(),
  /** Whose autonomous system it is, as the file says now. */
  organisation: z.string().max(128).optional(),
});
export type FlowEnd = z.infer<typeof FlowEnd>;

/** One connection as one host or exporter saw it. Counters are of the whole connection so far. */
export const Flow = z.object({
  id: z.string().max(64),
  /** Who saw it: a host, or an exporter. */
  hostId: Id,
  /**
   * `egress`: judged where it left a vNIC; `ingress`: where it came from the trunk. `beside`: seen by an exporter and by hosts, which
   * count it.
   */
  point: z.enum(['egress', 'ingress', 'beside']),
  networkId: Id.nullable(),
  protocol: z.int().min(0).max(255),
  src: FlowEnd,
  dst: FlowEnd,
  icmpType: z.int().nullable(),
  icmpCode: z.int().nullable(),
  verdict: Verdict,
  /** Always present: a person's rule or a synthetic one. */
  ruleNum: z.int().min(0),
  ruleId: Id.nullable(),
  policyId: Id.nullable(),
  pending: Pending.nullable(),
  /** Null for what no rule wants inspected and no gateway recognised from copies; of a connection between two hosts, one of the two knows. */
  inspection: Inspection.nullable(),
  revision: z.int().min(0),
  bytes: z.int().min(0),
  packets: z.int().min(0),
  replyBytes: z.int().min(0),
  replyPackets: z.int().min(0),
  tcpFlags: z.int().min(0),
  startedAt: Instant,
  lastAt: Instant,
});
export type Flow = z.infer<typeof Flow>;
