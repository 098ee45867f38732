import type { FlowEnd, Inspection, Pending, Verdict } from '@hypervigil/model';

/** What identifies and describes a flow, whoever counts it. */
export interface FlowIdentity {
  /**
   * Names the connection on its host and point for as long as it lives; may come again with another `startMs`. One to eight
   * characters of base64url.
   */
  readonly key: string;
  /** Who saw it: a host, or an exporter. */
  readonly hostId: string;
  /** What was seen `beside` hosts, which count it, is no part of any sum. */
  readonly point: 'egress' | 'ingress' | 'beside';
  readonly networkId: string | null;
  readonly protocol: number;
  /** The side that opened the connection. `ip` is empty when the frame was not IP. */
  readonly src: FlowEnd;
  readonly dst: FlowEnd;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  readonly verdict: Verdict;
  readonly ruleNum: number;
  readonly ruleId: string | null;
  readonly policyId: string | null;
  readonly tier: string | null;
  /** Of a flow, what was said last. */
  readonly pending: Pending | null;
  /** Likewise, by whichever host knows. */
  readonly inspection: Inspection | null;
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes: number;
  readonly packets: number;
  readonly replyBytes: number;
  readonly replyPackets: number;
  /** All flags seen, or'ed (RFC 9293). */
  readonly tcpFlags: number;
}

/**
 * One update of a flow: what was counted since the last update (deltas), with `endMs` the time that it was last seen.
 * An update belongs to the moment of its `endMs`.
 */
export interface FlowRow extends FlowIdentity {
  /**
   * Whether no update of the flow came before it. Of a flow, at most one says so, and then all others that they are not the
   * first; null where nobody knows of any of them.
   */
  readonly isFirst?: boolean | null;
}

/** A flow: the sum of its updates within the asked time. A change of verdict or rule begins another flow. */
export interface StoredFlow extends FlowIdentity {
  readonly id: string;
}

/** Who talks to whom on which service. A connection that both ends' hosts saw counts once. */
export interface Edge {
  /** `ip` is one of the VM's addresses; without a VM, the outside address. */
  readonly src: EdgeEnd;
  readonly dst: EdgeEnd;
  readonly protocol: number;
  readonly port: number;
  readonly verdict: Verdict;
  readonly ruleNum: number;
  readonly ruleId: string | null;
  readonly policyId: string | null;
  readonly flows: number;
  /** Of them, those with a pending verdict that is not their verdict. */
  readonly pendingFlows: number;
  readonly bytes: number;
  readonly packets: number;
  readonly replyBytes: number;
  readonly replyPackets: number;
  readonly lastMs: number;
}

export interface EdgeEnd {
  readonly vmId: string | null;
  readonly tenantId: string | null;
  readonly ip: string;
}

/**
 * What two addresses said to each other on one service, as one rule judged it: the sum of many flows. A connection that
 * both ends' hosts saw counts once.
 */
export interface Talk {
  readonly networkId: string | null;
  /** `vmId` is the last VM that was known behind the address. */
  readonly src: EdgeEnd;
  readonly dst: EdgeEnd;
  readonly protocol: number;
  readonly port: number;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  readonly verdict: Verdict;
  readonly ruleNum: number;
  readonly flows: number;
  readonly bytes: number;
  readonly packets: number;
  readonly replyBytes: number;
  readonly replyPackets: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Days on which it was seen, counted from 1970 in UTC, in order. */
  readonly days: readonly number[];
}

/** A talk of which the last word is another than it was: what was said last before, and everything said since with the last word. */
export interface Turn {
  readonly before: {
    readonly verdict: Verdict;
    readonly ruleNum: number;
    readonly revision: number;
    readonly flows: number;
    readonly lastMs: number;
  };
  readonly after: Talk & {
    /** By which the last of it was decided. */
    readonly revision: number;
  };
}

/** What one rule, or one of the defaults, decided. */
export interface RuleHits {
  readonly ruleNum: number;
  readonly flows: number;
  /** In both directions. */
  readonly bytes: number;
  readonly packets: number;
  readonly lastMs: number;
}

/** One verdict in one bucket of time; `bytes` in both directions. */
export interface SeriesPoint {
  readonly atMs: number;
  readonly verdict: Verdict;
  readonly flows: number;
  readonly bytes: number;
}

/** Flows that have the same values of some fields. */
export interface FlowGroup {
  /** In the order of the fields: addresses, names and ids as text, numbers as such, null for none. */
  readonly values: readonly (string | number | null)[];
  /** A connection that both ends' hosts saw counts once. */
  readonly flows: number;
  readonly bytes: number;
  readonly packets: number;
  readonly replyBytes: number;
  readonly replyPackets: number;
}

export interface TopFlows {
  readonly groups: readonly FlowGroup[];
  /** Of all groups, those that are not shown included; bytes and packets in both directions. */
  readonly total: { readonly groups: number; readonly flows: number; readonly bytes: number; readonly packets: number };
}
