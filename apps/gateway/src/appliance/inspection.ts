import { isDeepStrictEqual } from 'node:util';
import type { GatewayPolicy, GatewayRecognised, GatewayState, GatewayTuple } from '@hypervigil/contract';
import { applicationVerdict } from '@hypervigil/gateway-rules';
import type { Marker } from './ctnetlink.ts';
import { connectionKey } from './detector/packet.ts';
import type { DetectorReport } from './detector-report.ts';
import type { Firewall } from './firewall.ts';
import type { Log } from './log.ts';
import type { Slots } from './slots.ts';

/** Connections whose application is remembered until they end. */
const MAX_KNOWN = 65_536;
const TCP = 6;
const UDP = 17;

interface Known {
  readonly tuple: GatewayTuple;
  readonly recognised: GatewayRecognised;
}

/** What connections turned out to be, and what follows: it is logged with their names, and rules about it are enforced. */
export interface Inspection {
  report(report: DetectorReport): void;
  /** What a connection that ended was; forgotten with that. */
  take(tuple: GatewayTuple): GatewayRecognised | null;
  /** Rules changed: what is known is judged by the new ones. */
  judgeAll(): void;
  counters(): GatewayState['counters'];
}

export interface InspectionOptions {
  readonly firewall: Firewall;
  readonly slots: Slots;
  readonly marker: Marker;
  readonly log: Log;
}

export function createInspection({ firewall, slots, marker, log }: InspectionOptions): Inspection {
  const known = new Map<string, Known>();
  const counts = new Map<number, number>();
  const keyOf = (tuple: GatewayTuple) => connectionKey(tuple.net, tuple);

  function networkOf(policy: GatewayPolicy | null, vlan: number | null): number {
    return policy?.lanes.find((lane) => lane.vlan === vlan)?.network ?? 0;
  }

  /** Ends what a rule forbids; the rule's number, or null for a connection that goes on. */
  function judge({ tuple, recognised }: Known): number | null {
    const rule = applicationVerdict(firewall.policy()?.applications ?? [], recognised);
    if (rule?.action !== 'deny') return null;
    // Other protocols have no connection that could be cut.
    if (tuple.protocol !== TCP && tuple.protocol !== UDP) return null;
    try {
      marker.set(tuple, firewall.markFor(rule.num, 'deny'));
    } catch (error) {
      console.error(`gateway: a forbidden connection goes on: ${(error as Error).message}`);
      return null;
    }
    counts.set(rule.num, (counts.get(rule.num) ?? 0) + 1);
    return rule.num;
  }

  return {
    report(report) {
      if (report.type === 'running') return;
      const { vlan, atMs, protocol, srcIp, dstIp, srcPort, dstPort } = report;
      const net = networkOf(firewall.policy(), vlan);
      const tuple: GatewayTuple = { net, protocol, srcIp, dstIp, srcPort, dstPort };
      if (report.type === 'asked') {
        const { name, details } = report;
        log.name({ ...tuple, kind: 'dns', name, atMs, details });
        return;
      }
      if (report.type === 'denied') {
        const { rule, revision } = slots.judgementOf(report.mark) ?? { rule: 0, revision: 0 };
        const counted = { bytes: report.bytes, packets: 1, replyBytes: 0, replyPackets: 0 };
        log.flow({
          ...tuple,
          verdict: 'deny',
          rule,
          revision,
          ...counted,
          startMs: atMs,
          endMs: atMs,
          recognised: null,
        });
        return;
      }
      const { recognised, kind, details } = report;
      const key = keyOf(tuple);
      const before = known.get(key);
      known.delete(key);
      const one = { tuple: before?.tuple ?? tuple, recognised };
      known.set(key, one);
      if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!);
      const { name } = recognised;
      // Of questions about names the detector tells one by one.
      const isAsked = kind === 'dns' && protocol === UDP;
      if (name !== null && name !== before?.recognised.name && !isAsked)
        log.name({ ...one.tuple, kind, name, atMs, details });
      if (!isDeepStrictEqual(recognised, before?.recognised))
        log.sight({ ...one.tuple, atMs, recognised, deniedBy: judge(one) });
    },
    take(tuple) {
      const key = keyOf(tuple);
      const found = known.get(key)?.recognised ?? null;
      known.delete(key);
      return found;
    },
    judgeAll() {
      for (const one of known.values()) {
        const deniedBy = judge(one);
        if (deniedBy !== null) log.sight({ ...one.tuple, atMs: Date.now(), recognised: one.recognised, deniedBy });
      }
    },
    counters: () => [...counts].map(([rule, packets]) => ({ rule, packets, bytes: 0 })),
  };
}
