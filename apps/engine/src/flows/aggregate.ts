import type { FlowRecord } from '@hypervigil/contract';
import { begin, type Connection, countIn, endsOf } from './connection.ts';
import { createGatewayWords, type GatewayWord, meetingOf, type Said } from './gateway-words.ts';
import { createInspections } from './inspections.ts';
import { createKeys } from './keys.ts';
import { Meetings, meetingOfConnection } from './meetings.ts';
import { createNotes } from './notes.ts';
import { Recency } from './recency.ts';
import { takeRecord } from './record.ts';
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

/** How long it is believed what was reported beside a verdict and nothing confirms: a staged rule may have been withdrawn. */
const BESIDE_MS = 60_000;
/** The switch tells of a connection's packets so much later than a gateway at most. */
const SWITCH_DELAY_MS = 5_000;

export function createAggregator(options: AggregatorOptions): Aggregator {
  const { networkOf, policyRevision, linksOf, gatewayId, steady } = options;
  const { maxConnections = 100_000, idleMs = 300_000 } = options;
  /** The first is the one silent for longest. */
  const connections = new Recency<Connection>();
  const changed = new Set<Connection>();
  /** The present connection between two ends; its elders are behind it. */
  const present = new Map<string, Connection>();
  const beside = { max: maxConnections, ttlMs: BESIDE_MS, steady };
  /** Of two ends: what staged rules last said of them. */
  const pending = createNotes<NonNullable<FlowRecord['pending']>>({
    ...beside,
    isSame: (a, b) => a.verdict === b.verdict && a.rule === b.rule,
  });
  const inspections = createInspections({ ...beside, linksOf, gatewayId });
  const meetings = new Meetings(connections);
  const words = createGatewayWords({ ...beside, ttlMs: idleMs });
  const newKey = createKeys();
  let lost = 0;

  /** Makes the one with the sample's verdict and rule the present one. */
  const connect = (ends: string, sample: Sample): Connection => {
    const head = present.get(ends);
    if (head !== undefined && isUnder(head, sample)) return head;
    let connection = head?.elder ?? null;
    while (connection !== null && !isUnder(connection, sample)) connection = connection.elder;
    if (connection === null) connection = begin(newKey(), ends, sample, networkOf(sample), steady());
    else leave(connection);
    connection.elder = present.get(ends) ?? null;
    present.set(ends, connection);
    return connection;
  };

  /** It is no longer between its ends. */
  const leave = (connection: Connection): void => {
    const { ends, elder } = connection;
    let before = present.get(ends) ?? null;
    if (before !== connection) {
      while (before !== null && before.elder !== connection) before = before.elder;
      if (before !== null) before.elder = elder;
    } else if (elder !== null) present.set(ends, elder);
    else present.delete(ends);
  };

  const drop = (connection: Connection): void => {
    connections.remove(connection);
    leave(connection);
    meetings.remove(connection);
  };

  /** A report beside that of the verdict, before or after it: it says of whom, but not which verdict it stands beside. */
  const note = (ends: string, { about, verdict, ruleNum }: Sample): void => {
    const isNews =
      about === 'pending' ? pending.set(ends, { verdict, rule: ruleNum }) : inspections.note(ends, ruleNum);
    const connection = present.get(ends);
    if (connection && isNews) changed.add(connection);
  };

  /** What gateways have said of a connection, not of an earlier one between the same ends. */
  const saidOf = (connection: Connection): Said | undefined => {
    if (words.isEmpty) return undefined;
    const said = words.of(meetingOfConnection(connection));
    return said && said.heardMs >= connection.beganMs - SWITCH_DELAY_MS ? said : undefined;
  };

  /** What is new of a connection, and beside it that a gateway has ended it: a change of verdict is another flow. */
  const give = (connection: Connection, records: FlowRecord[]): void => {
    const { ends, rule, deniedBy } = connection;
    const said = saidOf(connection);
    const inspection = inspections.of(ends, rule, said);
    const record = takeRecord(connection, { pending: pending.get(ends) ?? null, inspection });
    records.push(record);
    if (said === undefined || inspection === null || inspection.gateway === null) return;
    said.told = said.words;
    if (inspection.outcome === 'copied' || said.deniedBy === null || said.deniedBy === deniedBy) return;
    connection.deniedBy = said.deniedBy;
    const decided = { verdict: 'deny', rule: said.deniedBy, startMs: connection.endMs, pending: null } as const;
    const ended = { ...inspection, blocked: said.blocked };
    records.push({ ...record, ...NOTHING_COUNTED, ...decided, key: newKey(), first: true, inspection: ended });
  };

  const dropSilent = (): void => {
    const sinceMs = steady() - idleMs;
    for (let one = connections.oldest; one !== null && one.touchedMs <= sinceMs; ) {
      const { newer } = one;
      if (!changed.has(one)) drop(one);
      one = newer;
    }
  };

  return {
    add(sample) {
      const ends = endsOf(sample);
      if (sample.about !== 'verdict') return note(ends, sample);
      const connection = connect(ends, sample);
      countIn(connection, sample);
      connection.touchedMs = steady();
      connection.revision = policyRevision();
      connections.touch(connection);
      meetings.touch(connection);
      changed.add(connection);
      const { oldest } = connections;
      if (connections.size <= maxConnections || oldest === null) return;
      drop(oldest);
      if (changed.delete(oldest)) lost++;
    },
    heed(word) {
      const said = words.hear(word);
      const { words: count } = said;
      const connection = meetings.find(meetingOf(word));
      if (connection) changed.add(connection);
      return () => said.told >= count;
    },
    drain(limit) {
      pending.expire();
      inspections.expire();
      words.expire();
      if (words.isEmpty) meetings.rest();
      const records: FlowRecord[] = [];
      for (const connection of changed) {
        if (records.length >= limit) break;
        changed.delete(connection);
        give(connection, records);
      }
      dropSilent();
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

const isUnder = (connection: Connection, { verdict, ruleNum }: Sample): boolean =>
  connection.verdict === verdict && connection.rule === ruleNum;

const NOTHING_COUNTED = { bytes: 0, packets: 0, replyBytes: 0, replyPackets: 0 };
