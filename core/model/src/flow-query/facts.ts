import type { FlowEnd, Inspection, Pending, Verdict } from '../flow.ts';

/** What a filter can ask of a flow, as it is recorded. */
export interface FlowFacts {
  readonly hostId: string;
  readonly point: 'egress' | 'ingress' | 'beside';
  readonly networkId: string | null;
  readonly protocol: number;
  readonly src: FlowEnd;
  readonly dst: FlowEnd;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  readonly verdict: Verdict;
  readonly ruleNum: number;
  readonly policyId: string | null;
  readonly tier: string | null;
  readonly pending: Pending | null;
  readonly inspection: Inspection | null;
  readonly revision: number;
  readonly bytes: number;
  readonly packets: number;
  readonly replyBytes: number;
  readonly replyPackets: number;
  readonly tcpFlags: number;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
}
