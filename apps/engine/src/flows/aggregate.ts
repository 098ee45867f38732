import { hash, randomBytes } from 'node:crypto';
import type { FlowRecord } from '@hypervigil/contract';
import { SYNTHETIC_RULES } from '@hypervigil/model';
import { decodeInspector, NOBODY } from '@hypervigil/pipeline';
import { createGatewayWords, type GatewayWord, meetingOf, type Said } from './gateway-words.ts';
import { createNotes } from './notes.ts';
import type { Sample } from './sample.ts';

/** Puts both directions of each connection together, and gives what was added since the last time. */
export interface Aggregator {
  add(sample: Sample): void;
  /**
   * Takes in what a gateway says of a connection.
   * @returns whether it stands in drained records by the time of asking
   */
  heed(word: GatewayWord): () => boolean;
  /** Connections with something new, oldest first, at most `limit`. Forgets those that were silent for long. */
  drain(limit: number): FlowRecord[];
  readonly connections: number;
  /** Connections that had to be forgotten with counters not yet given, since the last call. */
  takeLost(): number;
}

interface AggregatorOptions {
  /** The network of a packet by its ends; 0 where nobody knows. */
  readonly networkOf: (sample: Sample) => number;
  readonly policyRevision: () => number;
  /** Through how many groups of gateways a rule, by its number, sends what it allows. */
  readonly linksOf: (rule: number) => number;
  /** The identity of one of this host's gateways, by its number. */
  readonly gatewayId: (num: number) => string | undefined;
  /** Milliseconds of a clock that only moves forward: silence is a duration. */
  readonly steady: () => number;
  readonly maxConnections?: number;
  readonly idleMs?: number;
}

/** What a record says that does not change, and what was counted since it was last given. */
interface Connection {
  readonly ends: string;
  readonly meeting: string;
  readonly beganMs: number;
  readonly fixed: Omit<FlowRecord, 'point' | Counter | 'startMs' | 'endMs' | 'revision' | 'pending' | 'inspection'>;
  point: FlowRecord['point'];
  revision: number;
  bytes: number;
  packets: number;
  replyBytes: number;
  replyPackets: number;
  startMs: number;
  endMs: number;
  touchedMs: number;
  /** The rule that ended it in a gateway, as far as a record says so. */
  deniedBy: number | null;
}
type Counter = 'bytes' | 'packets' | 'replyBytes' | 'replyPackets';

/** How long it is believed what was reported beside a verdict and nothing confirms: a staged rule may have been withdrawn. */
const BESIDE_MS = 60_000;
/** The switch tells of a connection's packets so much later than a gateway at most. */
const SWITCH_DELAY_MS = 5_000;

/** The request that an ICMP answer answers (RFC 792, RFC 4443). */
const ICMP_REQUEST_OF: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  1: { 0: 8, 14: 13, 16: 15, 18: 17 },
  58: { 129: 128 },
};

export function createAggregator(options: AggregatorOptions): Aggregator {
  const { networkOf, policyRevision, linksOf, gatewayId, steady } = options;
  const { maxConnections = 100_000, idleMs = 300_000 } = options;
  /** In the order of the last sample, so that the first is the one silent for longest. */
  const connections = new Map<string, Connection>();
  /** Goes on where it was: to begin again would go over all that was forgotten, time and again, for as long as a flood lasts. */
  const fromOldest = connections.entries();
  const changed = new Set<Connection>();
  /** The present connection between two ends. */
  const present = new Map<string, Connection>();
  const beside = { max: maxConnections, ttlMs: BESIDE_MS, steady };
  /** Of two ends: what staged rules last said of them, and which gateway inspected at each link. */
  const pending = createNotes<NonNullable<FlowRecord['pending']>>({
    ...beside,
    isSame: (a, b) => a.verdict === b.verdict && a.rule === b.rule,
  });
  const inspectors = createNotes<number>({ ...beside, isSame: (a, b) => a === b });
  /** The present connection that a gateway's word is about. */
  const meetings = new Map<string, Connection>();
  const words = createGatewayWords({ ...beside, ttlMs: idleMs });
  const keyOf = createKeys();
  let lost = 0;

  const forget = (tuple: string, connection: Connection): void => {
    drop(tuple, connection);
    if (changed.delete(connection)) lost++;
  };

  const drop = (tuple: string, connection: Connection): void => {
    connections.delete(tuple);
    if (present.get(connection.ends) === connection) present.delete(connection.ends);
    if (meetings.get(connection.meeting) === connection) meetings.delete(connection.meeting);
  };

  /** A report beside that of the verdict, before or after it: it says of whom, but not which verdict it stands beside. */
  const note = (ends: string, { about, verdict, ruleNum }: Sample): void => {
    const isNews = about === 'pending' ? pending.set(ends, { verdict, rule: ruleNum }) : noteInspector(ends, ruleNum);
    const connection = present.get(ends);
    if (connection && isNews) changed.add(connection);
  };

  const noteInspector = (ends: string, point: number): boolean => {
    const { link, gateway } = decodeInspector(point);
    return inspectors.set(atLink(link, ends), gateway);
  };

  const theGateway = (num: number) => ({ num, id: gatewayId(num) ?? null });
  const inspectionOf = (ends: string, rule: number, said: Said | undefined): FlowRecord['inspection'] => {
    const nothing = { later: [], applications: [], name: null, risks: [], blocked: null };
    const seen = { ...nothing, ...said?.recognised, signatures: [...(said?.signatures ?? [])] };
    if (rule === SYNTHETIC_RULES['gateway-down'])
      return { outcome: 'dropped', gateway: null, ...nothing, signatures: [] };
    const links = Array.from({ length: linksOf(rule) }, (_, link) => inspectors.get(atLink(link, ends)));
    if (links.every((num) => num === undefined)) {
      if (said === undefined || said.copiedTo === null) return null;
      if (said.recognised === null && said.signatures.length === 0) return null;
      return { outcome: 'copied', gateway: theGateway(said.copiedTo), ...seen };
    }
    // A link that has not said anything yet may still.
    const [first, ...later] = links.filter((num) => num !== undefined && num !== NOBODY).map((num) => theGateway(num!));
    if (first === undefined) return { outcome: 'bypassed', gateway: null, ...seen };
    const outcome = links.includes(NOBODY) ? 'partly' : 'through';
    return { outcome, gateway: first, ...seen, later };
  };

  /** What gateways have said of a connection, not of an earlier one between the same ends. */
  const saidOf = ({ meeting, beganMs }: Connection): Said | undefined => {
    const said = words.of(meeting);
    return said && said.heardMs >= beganMs - SWITCH_DELAY_MS ? said : undefined;
  };

  /** What is new of a connection, and beside it that a gateway has ended it: a change of verdict is another flow. */
  const recordsOf = (connection: Connection): FlowRecord[] => {
    const { fixed, ends, meeting: _m, beganMs: _b, touchedMs: _t, deniedBy, ...counted } = connection;
    const said = saidOf(connection);
    const inspection = inspectionOf(ends, fixed.rule, said);
    const record = { ...fixed, ...counted, pending: pending.get(ends) ?? null, inspection };
    Object.assign(connection, NOTHING_COUNTED);
    if (said === undefined || inspection === null || inspection.gateway === null) return [record];
    said.told = said.words;
    if (inspection.outcome === 'copied' || said.deniedBy === null || said.deniedBy === deniedBy) return [record];
    connection.deniedBy = said.deniedBy;
    const decided = { verdict: 'deny', rule: said.deniedBy, startMs: connection.endMs } as const;
    const key = keyOf(`${ends} deny ${said.deniedBy}`, fixed.net, connection.startMs);
    const ended = { ...inspection, blocked: said.blocked };
    return [record, { ...record, ...NOTHING_COUNTED, ...decided, key, pending: null, inspection: ended }];
  };

  return {
    add(sample) {
      const original = sample.direction === 'original' ? sample : turned(sample);
      const ends = endsOf(original);
      if (sample.about !== 'verdict') return note(ends, sample);
      // A connection under another verdict or rule is another flow: both have to be seen.
      const tuple = `${ends} ${original.verdict} ${original.ruleNum}`;
      let connection = connections.get(tuple);
      connections.delete(tuple);
      connection ??= begin(keyOf, tuple, ends, original, networkOf(sample), steady());
      connections.set(tuple, connection);
      present.set(ends, connection);
      meetings.set(connection.meeting, connection);
      if (sample.direction === 'original') {
        connection.point = sample.point;
        connection.bytes += sample.bytes;
        connection.packets += sample.packets;
      } else {
        connection.replyBytes += sample.bytes;
        connection.replyPackets += sample.packets;
      }
      connection.startMs = Math.min(connection.startMs, sample.startMs);
      connection.endMs = Math.max(connection.endMs, sample.endMs);
      connection.touchedMs = steady();
      connection.revision = policyRevision();
      changed.add(connection);
      if (connections.size <= maxConnections) return;
      const oldest = fromOldest.next();
      if (!oldest.done) forget(...oldest.value);
    },
    heed(word) {
      const said = words.hear(word);
      const { words: count } = said;
      const connection = meetings.get(meetingOf(word));
      if (connection) changed.add(connection);
      return () => said.told >= count;
    },
    drain(limit) {
      pending.expire();
      inspectors.expire();
      words.expire();
      const records: FlowRecord[] = [];
      for (const connection of changed) {
        if (records.length >= limit) break;
        changed.delete(connection);
        records.push(...recordsOf(connection));
      }
      for (const [tuple, connection] of connections) {
        if (steady() - connection.touchedMs < idleMs) break;
        if (!changed.has(connection)) drop(tuple, connection);
      }
      return records;
    },
    get connections() {
      return connections.size;
    },
    takeLost() {
      const taken = lost;
      lost = 0;
      return taken;
    },
  };
}

const atLink = (link: number, ends: string): string => `${link} ${ends}`;

const NOTHING_COUNTED = { bytes: 0, packets: 0, replyBytes: 0, replyPackets: 0 };

type KeyOf = (tuple: string, net: number, startMs: number) => string;

/**
 * 48 bits tell apart what one rule judged on one host from one millisecond on, and every flow is kept with them. Nobody can choose
 * connections that have one key, to hide one behind the other: it depends on what no guest knows.
 */
function createKeys(): KeyOf {
  const secret = randomBytes(16).toString('base64url');
  return (tuple, net, startMs) => hash('sha256', `${secret} ${tuple} ${net} ${startMs}`, 'base64url').slice(0, 8);
}

function begin(keyOf: KeyOf, tuple: string, ends: string, original: Sample, net: number, nowMs: number): Connection {
  const { icmpType, icmpCode, dstPort } = original;
  return {
    ends,
    meeting: meetingOf({ ...original, net, dstPort: icmpType === null ? dstPort : icmpType * 256 + (icmpCode ?? 0) }),
    beganMs: nowMs,
    fixed: {
      key: keyOf(tuple, net, original.startMs),
      net,
      protocol: original.protocol,
      srcIp: original.srcIp,
      dstIp: original.dstIp,
      srcPort: original.srcPort,
      dstPort: original.dstPort,
      srcMac: original.srcMac,
      dstMac: original.dstMac,
      icmpType: original.icmpType,
      icmpCode: original.icmpCode,
      verdict: original.verdict,
      rule: original.ruleNum,
      // Open vSwitch exports no TCP flags.
      tcpFlags: 0,
    },
    point: original.point,
    revision: 0,
    ...NOTHING_COUNTED,
    startMs: original.startMs,
    endMs: original.endMs,
    touchedMs: 0,
    deniedBy: null,
  };
}

/** The original direction of which this is the reply. What comes as a reply from the trunk began at a vNIC here. */
function turned(reply: Sample): Sample {
  return {
    ...reply,
    point: reply.point === 'ingress' ? 'egress' : 'ingress',
    srcIp: reply.dstIp,
    dstIp: reply.srcIp,
    srcPort: reply.dstPort,
    dstPort: reply.srcPort,
    srcMac: reply.dstMac,
    dstMac: reply.srcMac,
    icmpType: reply.icmpType === null ? null : (ICMP_REQUEST_OF[reply.protocol]?.[reply.icmpType] ?? reply.icmpType),
  };
}

function endsOf(s: Sample): string {
  const icmp = s.icmpType === null ? '' : `${s.icmpType}.${s.icmpCode}`;
  return `${s.protocol} ${s.srcIp} ${s.srcPort} ${s.dstIp} ${s.dstPort} ${icmp} ${s.srcMac}`;
}
