import { z } from 'zod';
import { beginContacts, Contacts, knows, meet } from './contacts.ts';
import type { Detector } from './detector.ts';
import { timesOf } from './effort.ts';
import { beginEvidence, Evidence, secondsOf, shown, speaks, witness } from './evidence.ts';
import { beginHours, count, HOUR_MS, Hours, usual } from './hours.ts';
import { isOutside } from './outside.ts';
import type { Sighting } from './sighting.ts';

const MIB = 1024 * 1024;
/** Less than this is not told of. */
const MIN_BYTES = 50 * MIB;
/** So many times more goes out than comes back: meetings and votes are not like that. */
const MIN_RATIO = 4;
/** So many times what the VM sends in its busy hours. */
const OUT_OF_THE_ORDINARY = 2;
/** Before that nobody knows what is ordinary. */
export const LEARN_HOURS = 24;
/** A destination is new for so long. */
const NEW_MS = 24 * HOUR_MS;
const MAX_ROWS = 3;

const Row = z.object({
  ip: z.string().max(45),
  sinceMs: z.number(),
  sent: z.number().min(0),
  /** What it took over from the one whose place it has: of `sent`, so much may be another's. */
  error: z.number().min(0),
  got: z.number().min(0),
  evidence: Evidence,
});
type Row = z.infer<typeof Row>;
const ExfiltrationState = z.object({ hours: Hours, old: Contacts, rows: z.array(Row).max(MAX_ROWS) });
type ExfiltrationState = z.infer<typeof ExfiltrationState>;

/**
 * A VM sends much to somewhere outside where it had sent nothing before: upload and its ratio to what comes back, against the
 * VM's own hours of the last week by median and median absolute deviation (Marchetti et al., "Analysis of high volumes of
 * network traffic for advanced persistent threat detection", Computer Networks 2016, who compare hosts with their own past). A
 * nightly copy is ordinary once it was seen on most days, wherever it goes. Where most goes to is held by "space saving" (Metwally et al.,
 * 2005) in three rows: a third of what a VM sends is not overlooked. About 2 KB at most.
 *
 * Order of arrival is free within an hour.
 */
export const exfiltration: Detector<ExfiltrationState> = {
  schema: ExfiltrationState,
  begin: () => ({ hours: beginHours(), old: beginContacts(8), rows: [] }),
  observe(state, seen) {
    const isSent = seen.role === 'client' && seen.verdict === 'allow' && isOutside(seen.peer);
    // Of a VM that sends nothing the hours go by as well.
    count(state.hours, isSent ? seen.bytes : 0, seen.endMs);
    if (!isSent || seen.bytes === 0) return [];
    grow(state, seen.endMs);
    const row = rowOf(state, seen);
    if (row === undefined) return [];
    row.sent += seen.bytes;
    row.got += seen.replyBytes;
    witness(row.evidence, seen);
    const sent = row.sent - row.error;
    const times = timesOf(seen, 'exfiltration');
    if (sent < times * MIN_BYTES || sent < MIN_RATIO * row.got) return [];
    const { known, atMost, isQuiet } = usual(state.hours);
    const ordinary = atMost * Math.max(1, (row.evidence.lastMs - row.sinceMs) / HOUR_MS);
    if (known < LEARN_HOURS || sent < times * OUT_OF_THE_ORDINARY * ordinary || !speaks(row.evidence)) return [];
    return [
      {
        code: 'exfiltration',
        side: 'source',
        ...(isQuiet
          ? ({ severity: 'high', reason: 'off-hours' } as const)
          : ({ severity: 'medium', reason: 'new-destination' } as const)),
        about: row.ip,
        expected: { mib: Math.ceil(atMost / MIB), hours: known },
        seen: {
          ...{ mib: Math.floor(sent / MIB), back: Math.ceil(row.got / MIB), ip: row.ip, port: seen.port },
          seconds: secondsOf(row.evidence),
        },
        ...shown(row.evidence),
      },
    ];
  },
  advance: () => [],
};

/** From what on so much to one new place in an hour is told of, where at most that much is usual. */
export const uploadFrom = (atMost: number, times = 1): number =>
  times * Math.max(MIN_BYTES, OUT_OF_THE_ORDINARY * atMost);

/** What was new a day ago is old now; where next to nothing was sent, it is forgotten. */
function grow(state: ExfiltrationState, nowMs: number): void {
  const grown = state.rows.filter(({ sinceMs }) => nowMs - sinceMs > NEW_MS);
  if (grown.length === 0) return;
  for (const { ip, sent, error } of grown) if (sent - error >= MIB) meet(state.old, ip);
  state.rows = state.rows.filter((row) => !grown.includes(row));
}

/** Undefined for a destination that is not new. */
function rowOf(state: ExfiltrationState, { peer: { ip }, startMs }: Sighting): Row | undefined {
  const known = state.rows.find((row) => row.ip === ip);
  if (known !== undefined || knows(state.old, ip)) return known;
  const least = state.rows.length < MAX_ROWS ? undefined : state.rows.reduce((a, b) => (b.sent < a.sent ? b : a));
  const error = least?.sent ?? 0;
  const row: Row = { ip, sinceMs: startMs, sent: error, error, got: 0, evidence: beginEvidence(startMs) };
  state.rows = [...state.rows.filter((one) => one !== least), row];
  return row;
}
