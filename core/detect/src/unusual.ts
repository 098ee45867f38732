import { z } from 'zod';
import type { Detection, Detector } from './detector.ts';
import { beginDistinct, countOf, Distinct, withOne } from './distinct.ts';
import { timesOf } from './effort.ts';
import { beginEvidence, Evidence, secondsOf, shown, speaks, witness } from './evidence.ts';
import { beginHours, count, Hours, usualNow } from './hours.ts';
import type { Sighting } from './sighting.ts';

const MIB = 1024 * 1024;
/** So many times what is usual. */
const MORE = 4;
/** And so much more than that, at least: bytes, and machines. */
const LEAST_MORE = { sent: 2048 * MIB, spokenTo: 50 } as const;

/** A quantity, and what is usual in the hour that goes on; null before a week is known. */
const Quantity = z.object({ hours: Hours, atMost: z.number().min(0).nullable() });
type Quantity = z.infer<typeof Quantity>;
const UnusualState = z.object({ sent: Quantity, spokenTo: Quantity, met: Distinct, evidence: Evidence });
type UnusualState = z.infer<typeof UnusualState>;
export type UnusualQuantity = 'sent' | 'spokenTo';

/**
 * A VM sends far more, or speaks to far more machines, than at this hour on the days of the last week: seasonal, since a night's copy is
 * nothing at night and much at noon, and robust, since one odd day is no custom (see {@link usualNow}; of the baselines
 * that Chandola et al., "Anomaly detection: a survey", ACM CSUR 2009, call contextual). It says that something is different, not that it is bad.
 * About 1.5 KB at most.
 *
 * Order of arrival is free within an hour.
 */
export const unusual: Detector<UnusualState> = {
  schema: UnusualState,
  begin: () => ({ sent: beginQuantity(), spokenTo: beginQuantity(), met: beginDistinct(), evidence: beginEvidence(0) }),
  observe(state, seen) {
    const { sent, spokenTo } = state;
    const isNew = add(sent, bytesSent(seen), seen.endMs);
    if (isNew) Object.assign(state, { met: beginDistinct(), evidence: beginEvidence(seen.endMs) });
    const isCall = seen.role === 'client' && seen.verdict === 'allow';
    const met = isCall ? withOne(state.met, seen.peer.ip) : state.met;
    const isMet = met === state.met;
    state.met = met;
    add(spokenTo, isMet ? 0 : Math.max(0, countOf(met) - spokenTo.hours.now), seen.endMs);
    if (!isMore(sent) && !isMore(spokenTo)) return [];
    witness(state.evidence, { ...seen, startMs: state.evidence.sinceMs });
    const tooMuch = exceeds(sent, unusualFrom('sent', sent.atMost ?? 0, timesOf(seen, 'unusual-volume')));
    const tooMany = exceeds(spokenTo, unusualFrom('spokenTo', spokenTo.atMost ?? 0, timesOf(seen, 'unusual-fan-out')));
    if ((!tooMuch && !tooMany) || !speaks(state.evidence)) return [];
    const seconds = secondsOf(state.evidence);
    const mib = (bytes: number) => Math.ceil(bytes / MIB);
    return [
      ...(tooMuch
        ? [told(state, 'unusual-volume', { mib: mib(sent.atMost!) }, { mib: mib(sent.hours.now), seconds })]
        : []),
      ...(tooMany
        ? [told(state, 'unusual-fan-out', { machines: spokenTo.atMost! }, { machines: spokenTo.hours.now, seconds })]
        : []),
    ];
  },
  advance: () => [],
};

const beginQuantity = (): Quantity => ({ hours: beginHours(), atMost: null });

const bytesSent = ({ role, verdict, bytes, replyBytes }: Sighting): number =>
  verdict === 'allow' ? (role === 'client' ? bytes : replyBytes) : 0;

/** @returns whether another hour began */
function add(quantity: Quantity, amount: number, atMs: number): boolean {
  const { hour } = quantity.hours;
  count(quantity.hours, amount, atMs);
  if (quantity.hours.hour === hour) return false;
  const atMost = usualNow(quantity.hours);
  quantity.atMost = atMost === undefined ? null : Math.round(atMost);
  return true;
}

/** What comes from then on is evidence. */
const isMore = ({ hours: { now }, atMost }: Quantity): boolean => atMost !== null && now > atMost;

const exceeds = ({ hours: { now }, atMost }: Quantity, from: number): boolean => atMost !== null && now >= from;

/** From what on so much in an hour is told of, where at most that much is usual. */
export const unusualFrom = (which: UnusualQuantity, atMost: number, times = 1): number =>
  Math.max(times * MORE * atMost, atMost + times * LEAST_MORE[which]);

/** A quantity as the detector has it when nothing has come by then since; the state stays as it is. */
export function unusualAt(state: UnusualState, which: UnusualQuantity, nowMs: number): Quantity {
  const { hours, atMost } = state[which];
  const quantity = { hours: { ...hours }, atMost };
  add(quantity, 0, nowMs);
  return quantity;
}

const told = (
  { evidence }: UnusualState,
  code: 'unusual-volume' | 'unusual-fan-out',
  expected: Detection['expected'],
  seen: Detection['seen'],
): Detection => ({
  ...{ code, side: 'source', severity: 'low', reason: 'out-of-the-ordinary', about: '', expected, seen },
  ...shown(evidence),
});
