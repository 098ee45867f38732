import { type AlertPeer, FIRST_RULE_NUM, SYNTHETIC_RULES, type Verdict } from '@hypervigil/model';
import type { Effort } from './effort.ts';

/** One end of a flow. */
export interface SeenEnd {
  readonly ip: string;
  readonly port: number;
  readonly vmId: string | null;
  readonly tenantId: string | null;
  /** Of an address outside, where that is known. */
  readonly country?: string | undefined;
  readonly asn?: number | undefined;
}

interface SeenInspection {
  /** nDPI's words, and its numbers of risks. */
  readonly applications: readonly string[];
  readonly risks: readonly number[];
  /** That was asked for or spoken to. */
  readonly name: string | null;
  /** Of the intrusion detection. */
  readonly signatures: readonly { readonly id: number; readonly message: string }[];
}

/** A flow as it arrives: counters are of what was added since it last did, under the same key. */
export interface SeenFlow {
  readonly key: string;
  /** `egress`: judged where it left a vNIC; `ingress`: where it came from the trunk; `beside`: seen by an exporter, too. */
  readonly point: 'egress' | 'ingress' | 'beside';
  readonly protocol: number;
  readonly src: SeenEnd;
  readonly dst: SeenEnd;
  readonly verdict: Verdict;
  readonly ruleNum: number;
  /** Of the policy that the host enforced. */
  readonly revision: number;
  /** What a gateway recognised in it, as far as it is known by now. */
  readonly inspection: SeenInspection | null;
  readonly bytes: number;
  readonly packets: number;
  readonly replyBytes: number;
  readonly replyPackets: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** A threat set that lists an address. */
export interface ThreatHit {
  readonly set: string;
  /** The address or the name of the file that its entries came from. */
  readonly source: string | null;
  /** When the source last gave or confirmed them. */
  readonly checkedMs: number | null;
}

/** The threat set that lists an address, of those that are for a tenant. */
export type ThreatLookup = (ip: string, tenantId: string | null) => ThreatHit | null;

/** What the platform knows beside the flow. */
export interface SightingContext {
  readonly threatOf?: ThreatLookup;
  /** What detectors ask for of a VM; absent: the usual. */
  readonly effortOf?: (vmId: string) => Effort;
  /** The revision that is published, and whether it has a rule of that number. */
  readonly published?: { readonly revision: () => number; readonly hasRule: (num: number) => boolean };
}

/** A flow as one VM has part in it. Packets and bytes are the opener's, those of the reply the answerer's. */
export interface Sighting extends Omit<SeenFlow, 'point' | 'src' | 'dst'> {
  readonly vmId: string;
  /** Whether the VM opened it. */
  readonly role: 'client' | 'server';
  readonly tenantId: string | null;
  /** The VM's address in this flow, as the flow has it. */
  readonly ip: string;
  readonly peer: AlertPeer;
  /** Where the peer is, of one outside. */
  readonly country?: string | undefined;
  readonly asn?: number | undefined;
  /** Whether it was counted where it began: of what is told beside that, only what a gateway recognised in it is news. */
  readonly isToldAgain: boolean;
  /** Whether it passed by a rule that the policy has not, which its host enforces. */
  readonly isUnruled: boolean;
  /** Of an end that is no VM of the cloud. */
  readonly threat: ThreatHit | null;
  /** That the flow is to. */
  readonly port: number;
  /** What detectors ask for of the VM; absent: the usual. */
  readonly effort?: Effort;
}

/** What the cloud itself needs, and what ended for reasons that are not in the flow's ends. */
const NOT_BEHAVIOUR: ReadonlySet<number> = new Set(
  (['address-resolution', 'revoked', 'gateway-down', 'quarantine', 'limit'] as const).map((it) => SYNTHETIC_RULES[it]),
);

/**
 * The VMs that a flow tells something of. A connection between two hosts is recorded at both: it is taken from where it began,
 * and from its end only that it was refused there, and what a gateway recognised, which is heard at either. What goes to many at once is nobody's attempt at one of them.
 */
export function sightingsOf(flow: SeenFlow, { threatOf, effortOf, published }: SightingContext = {}): Sighting[] {
  const { point, src, dst, ...same } = flow;
  // What an exporter tells, a host has told in full.
  if (point === 'beside' || NOT_BEHAVIOUR.has(flow.ruleNum) || isMany(dst.ip)) return [];
  const isToldAgain = point === 'ingress' && src.vmId !== null && flow.verdict === 'allow';
  if (isToldAgain && flow.inspection === null) return [];
  const isUnruled =
    published !== undefined &&
    flow.verdict === 'allow' &&
    flow.ruleNum >= FIRST_RULE_NUM &&
    flow.revision === published.revision() &&
    !published.hasRule(flow.ruleNum);
  const seenBy = (role: Sighting['role'], own: SeenEnd, other: SeenEnd): Sighting[] => {
    const peer = { ip: other.ip, vmId: other.vmId, tenantId: other.tenantId };
    if (own.vmId === null) return [];
    const threat = other.vmId === null ? (threatOf?.(other.ip, own.tenantId) ?? null) : null;
    const whose = {
      vmId: own.vmId,
      tenantId: own.tenantId,
      ip: own.ip,
      ...(effortOf && { effort: effortOf(own.vmId) }),
    };
    const { country, asn } = other;
    return [{ ...same, ...whose, role, peer, country, asn, threat, isUnruled, isToldAgain, port: dst.port }];
  };
  return [...seenBy('client', src, dst), ...seenBy('server', dst, src)];
}

/** Multicast and the limited broadcast (RFC 1112, RFC 919, RFC 4291). */
const isMany = (ip: string): boolean => /^(22[4-9]|23\d)\.|^255\.255\.255\.255$|^ff[0-9a-f]{2}:/i.test(ip);
