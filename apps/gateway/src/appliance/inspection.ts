import { isDeepStrictEqual } from 'node:util';
import type { GatewayPolicy, GatewayRecognised, GatewayTuple } from '@hypervigil/contract';
import type { Refusal } from '@hypervigil/gateway-rules';
import type { Marker } from './ctnetlink.ts';
import { connectionKey } from './detector/packet.ts';
import type { DetectorReport } from './detector-report.ts';
import type { Firewall } from './firewall.ts';
import type { Log } from './log.ts';
import type { Slots } from './slots.ts';

/** Connections whose application is remembered until they end. */
const MAX_KNOWN = 65_536;
const UDP = 17;
/** The mark of a connection that no rule has judged yet. */
const NOT_JUDGED = 0;

interface Known {
  readonly tuple: GatewayTuple;
  readonly recognised: GatewayRecognised;
  /** By which rule and for what. */
  readonly end: Refusal | null;
}

/** What connections turned out to be, and what follows: it is logged with their names, and what a rule blocks is ended. */
export interface Inspection {
  report(report: DetectorReport): void;
  /** Ends a connection for what was said in it. */
  end(tuple: GatewayTuple, recognised: GatewayRecognised, end: Refusal): void;
  /** What a connection that ended was; forgotten with that. */
  take(tuple: GatewayTuple): GatewayRecognised | null;
  /** Rules changed: what is known is judged by the new ones. */
  judgeAll(): void;
}

/** The network whose frames have this tag, 0 for none. */
export const networkOn = (policy: GatewayPolicy | null, vlan: number | null): number =>
  policy?.lanes.find((lane) => lane.vlan === vlan)?.network ?? 0;

export interface InspectionOptions {
  readonly firewall: Firewall;
  readonly slots: Slots;
  readonly marker: Marker;
  readonly log: Log;
}

export function createInspection({ firewall, slots, marker, log }: InspectionOptions): Inspection {
  const known = new Map<string, Known>();
  const keyOf = (tuple: GatewayTuple) => connectionKey(tuple.net, tuple);

  /** False for a connection that is over, or that goes on although it should not. */
  function setMark(tuple: GatewayTuple, mark: number): boolean {
    try {
      return marker.set(tuple, mark);
    } catch (error) {
      console.error(`gateway: a connection goes on as it was: ${(error as Error).message}`);
      return false;
    }
  }

  /** Puts a connection's end in force, and tells of it. */
  function conclude({ tuple, recognised, end }: Known, atMs: number): void {
    const isEnded = end !== null && setMark(tuple, firewall.endedMark(end.rule));
    const one = { tuple, recognised, end: isEnded ? end : null };
    known.delete(keyOf(tuple));
    if (known.size >= MAX_KNOWN) known.delete(known.keys().next().value!);
    known.set(keyOf(tuple), one);
    const [deniedBy, blocked] = [one.end?.rule ?? null, one.end?.blocked ?? null];
    log.sight({ ...tuple, atMs, recognised, deniedBy, blocked, copied: false });
  }

  return {
    report(report) {
      if (report.type === 'running') return;
      const { vlan, atMs, protocol, srcIp, dstIp, srcPort, dstPort } = report;
      const net = networkOn(firewall.policy(), vlan);
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
      const { recognised, kind, details, mark } = report;
      const before = known.get(keyOf(tuple));
      const opened = before?.tuple ?? tuple;
      const { name } = recognised;
      // Of questions about names the detector tells one by one.
      const isAsked = kind === 'dns' && protocol === UDP;
      if (name !== null && name !== before?.recognised.name && !isAsked)
        log.name({ ...opened, kind, name, atMs, details });
      if (isDeepStrictEqual(recognised, before?.recognised)) return;
      const end = firewall.rules().endOf(opened, recognised, firewall.ruleOf(mark));
      conclude({ tuple: opened, recognised, end }, atMs);
    },
    end(tuple, recognised, end) {
      conclude({ tuple, recognised, end }, Date.now());
    },
    take(tuple) {
      const key = keyOf(tuple);
      const found = known.get(key)?.recognised ?? null;
      known.delete(key);
      return found;
    },
    judgeAll() {
      const rules = firewall.rules();
      for (const one of [...known.values()]) {
        const end = rules.endOf(one.tuple, one.recognised, undefined);
        if (!isDeepStrictEqual(end, one.end)) {
          // Nothing forbids it any more: its next packet is judged.
          if (end === null) setMark(one.tuple, NOT_JUDGED);
          conclude({ ...one, end }, Date.now());
        } else if (end !== null) setMark(one.tuple, firewall.endedMark(end.rule));
      }
    },
  };
}
