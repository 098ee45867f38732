import { z } from 'zod';
import { beginContacts, Contacts, knows, meet } from './contacts.ts';
import type { Detection, Detector } from './detector.ts';
import { timesOf } from './effort.ts';
import { beginEvidence, Evidence, secondsOf, shown, speaks, witness } from './evidence.ts';
import { isOutside } from './outside.ts';
import { deviation, median, type Regularity, regularityOf } from './regularity.ts';
import type { Sighting } from './sighting.ts';

const MAX_ROWS = 5;
const MAX_BEATS = 32;
/** Times are kept in these. */
const TICK_MS = 100;
/** Connections within a second are one call: programs open several at once. */
const ONE_CALL = 1000 / TICK_MS;
/** What comes sooner is a program at work, not one that waits for orders. */
const MIN_PERIOD = 3000 / TICK_MS;
/** One of a thousand VMs with a thousand random callers each is mistaken once in a thousand windows. */
const MAX_CHANCE = -9;
/** So many calls show that a destination is not called regularly: what is put off by half a period gains four times this with each. */
const ENOUGH = 10;
const CHANCE_A_BEAT = -0.1;
/** Of what was called once. */
const UNKNOWN_PERIOD = 600_000 / TICK_MS;
const MAX_SKEW = 0.6;
/** Half of a call's size; what differs more are answers to people. */
const MAX_SIZE_JITTER = 0.3;
/** What moves more is a transfer: updates, mirrors, copies. */
const MAX_BYTES = 65_536;
/** Whoever calls so many at equal times looks after them: monitoring. */
const PROBER = 4;
/** What a VM does from its beginning on is what it was built to do: agents of monitoring and of the distribution. */
export const LEARN_MS = 600_000;
const LEARN_PERIODS = 2;
/** Of the time (RFC 5905) and of names (RFC 1035, RFC 7858); tunnels in names have a detector of their own. */
const CHORES: ReadonlySet<number> = new Set([53, 123, 853]);
/** The same, and what is built to look whether something is there, as gateways know it. */
const KNOWN: ReadonlySet<string> = new Set(['NTP', 'DNS', 'OCSP', 'STUN', 'Zabbix', 'CHECKMK', 'Collectd', 'SNMP']);

const Row = z.object({
  to: z.string().max(64),
  /** Whether the VM called there from its beginning on. */
  isOld: z.boolean(),
  sinceMs: z.number(),
  /** When it was called, in ticks since then, in order; and how many bytes each call was, both ways. */
  beats: z.array(z.int()).max(MAX_BEATS),
  bytes: z.array(z.number().min(0)).max(MAX_BEATS),
  answers: z.int().min(0),
  evidence: Evidence,
});
type Row = z.infer<typeof Row>;
const BeaconState = z.object({
  beganMs: z.number().nullable(),
  met: Contacts,
  /** What was called irregularly, and is not looked at for a while. */
  irregular: Contacts,
  rows: z.array(Row).max(MAX_ROWS),
});
type BeaconState = z.infer<typeof BeaconState>;

/**
 * Something in a VM that reports to one address outside at regular times and waits for orders. Judged are the last 32 calls by
 * period, jitter and size as RITA does (see {@link regularityOf}; Hu et al., "BAYWATCH", DSN 2016, on why periods alone are not
 * enough). Not told are machines of private networks, time and names, transfers, VMs that call four destinations alike, and
 * what a VM has called since its beginning. Later calls of an agent of monitoring look the same: that is what exceptions are for. Destinations
 * have a row from their second call on, of which the most overdue gives way, and lose it once they are irregular; sixty others between its first
 * two calls hide a beacon. About 3 KB at most.
 *
 * Order of arrival is free among calls that are a second or more apart.
 */
export const beacon: Detector<BeaconState> = {
  schema: BeaconState,
  begin: () => ({ beganMs: null, met: beginContacts(16), irregular: beginContacts(8), rows: [] }),
  observe(state, seen) {
    state.beganMs = Math.min(state.beganMs ?? seen.startMs, seen.startMs);
    if (!isCall(seen)) return [];
    const row = rowOf(state, seen);
    if (row === undefined) return [];
    if (seen.verdict === 'allow' && seen.replyPackets > 0) row.answers++;
    witness(row.evidence, seen);
    if (!enter(row, seen)) return [];
    if (isIrregular(row)) {
      meet(state.irregular, row.to);
      state.rows = state.rows.filter((one) => one !== row);
      return [];
    }
    const times = timesOf(seen, 'beacon');
    const found = isBeacon(row, times);
    if (found === undefined || isFromTheBeginning(row, found, state)) return [];
    if (state.rows.filter((one) => isBeacon(one, times) !== undefined).length >= PROBER) return [];
    return speaks(row.evidence) ? [detection(row, found, seen)] : [];
  },
  advance: () => [],
};

const isCall = ({ role, protocol, port, peer, inspection }: Sighting): boolean =>
  role === 'client' &&
  (protocol === 6 || protocol === 17) &&
  !CHORES.has(port) &&
  isOutside(peer) &&
  !inspection?.applications.some((one) => KNOWN.has(one));

/** @returns whether it is a call of its own, and not more of one */
function enter(row: Row, { startMs, bytes, replyBytes }: Sighting): boolean {
  const at = Math.round((startMs - row.sinceMs) / TICK_MS);
  const size = bytes + replyBytes;
  const same = row.beats.findIndex((beat) => Math.abs(beat - at) < ONE_CALL);
  if (same >= 0) {
    row.bytes[same]! += size;
    return false;
  }
  if (!Number.isSafeInteger(at)) return false;
  const place = row.beats.findLastIndex((beat) => beat < at) + 1;
  row.beats.splice(place, 0, at);
  row.bytes.splice(place, 0, size);
  if (row.beats.length > MAX_BEATS) {
    row.beats.shift();
    row.bytes.shift();
  }
  return true;
}

const isIrregular = ({ beats }: Row): boolean =>
  beats.length >= ENOUGH && (regularityOf(beats)?.chance ?? 0) > CHANCE_A_BEAT * beats.length;

/** How regular it is, of what is regular enough. */
function isBeacon({ beats, bytes }: Row, times: number): Regularity | undefined {
  const found = regularityOf(beats);
  if (found === undefined || found.chance > times * MAX_CHANCE || Math.abs(found.skew) > MAX_SKEW) return undefined;
  const size = median(bytes);
  const isSmall = size <= MAX_BYTES && deviation(bytes, size) <= MAX_SIZE_JITTER * size;
  return found.period >= MIN_PERIOD && isSmall ? found : undefined;
}

function isFromTheBeginning({ isOld, sinceMs }: Row, { period }: Regularity, { beganMs }: BeaconState): boolean {
  return isOld || sinceMs - beganMs! <= LEARN_PERIODS * period * TICK_MS;
}

function detection({ to, beats, bytes, answers, evidence }: Row, found: Regularity, { port }: Sighting): Detection {
  return {
    code: 'beacon',
    side: 'source',
    ...(answers > 0
      ? ({ severity: 'medium', reason: 'some-answered' } as const)
      : ({ severity: 'low', reason: 'none-answered' } as const)),
    about: to,
    expected: {},
    seen: {
      ...{ calls: beats.length, port, bytes: Math.round(median(bytes)), seconds: secondsOf(evidence) },
      period: Math.round((found.period * TICK_MS) / 100) / 10,
      jitter: Math.round(found.jitter * 100),
    },
    ...shown(evidence),
  };
}

/** From the second call on. */
function rowOf(state: BeaconState, { protocol, peer, port, startMs }: Sighting): Row | undefined {
  const to = `${protocol} ${peer.ip} ${port}`;
  const known = state.rows.find((row) => row.to === to);
  if (known !== undefined || knows(state.irregular, to) || meet(state.met, to)) return known;
  const row: Row = {
    ...{ to, sinceMs: startMs, isOld: startMs - state.beganMs! <= LEARN_MS },
    ...{ beats: [], bytes: [], answers: 0, evidence: beginEvidence(startMs) },
  };
  if (state.rows.length >= MAX_ROWS) {
    const least = state.rows.reduce((a, b) => (priority(b, startMs) < priority(a, startMs) ? b : a));
    state.rows = state.rows.filter((one) => one !== least);
  }
  state.rows.push(row);
  return row;
}

/** What should have called long ago, in its periods, gives way. */
function priority({ beats, sinceMs }: Row, nowMs: number): number {
  const found = regularityOf(beats);
  const [last, before] = [beats.at(-1) ?? 0, beats.at(-2)];
  const period = found?.period ?? (before === undefined ? UNKNOWN_PERIOD : last - before);
  return -((nowMs - sinceMs) / TICK_MS - last) / Math.max(1, period);
}
