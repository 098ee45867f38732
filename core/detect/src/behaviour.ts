import type { AlertCode, BehaviourHour, BehaviourMeasure, BehaviourOfMeasure, Learning } from '@hypervigil/model';
import { LEARN_MS as BEACON_LEARN_MS } from './beacon.ts';
import { type Effort, timesOf } from './effort.ts';
import { LEARN_HOURS, uploadFrom } from './exfiltration.ts';
import { count, HOUR_MS, type Hours, hourOf, lastWeek, usual, usualWeek, WEEK_HOURS } from './hours.ts';
import { LEARN_MS as LATERAL_LEARN_MS } from './lateral.ts';
import { type UnusualQuantity, unusualAt, unusualFrom } from './unusual.ts';
import type { VmState } from './vm-watch.ts';

/** The last millisecond that has a date of four digits: clocks of hosts are not to be believed. */
const LAST_MS = Date.UTC(9999, 11, 31);
const instant = (ms: number): string => new Date(Math.min(Math.max(0, ms), LAST_MS)).toISOString();

/**
 * What the detectors of a VM hold as its baseline, as they will see it when the next flow comes at `nowMs`, milliseconds since 1970. The
 * state stays as it is.
 */
export function behaviourOf(
  state: VmState,
  nowMs: number,
  effort: Effort = {},
): { measures: BehaviourOfMeasure[]; learning: Learning[] } {
  const asked = { nowMs, effort };
  const outside = { ...state.exfiltration.hours };
  count(outside, 0, nowMs);
  return {
    measures: [
      seasonal(state, 'sent', 'sent', 'unusual-volume', asked),
      seasonal(state, 'spoken-to', 'spokenTo', 'unusual-fan-out', asked),
      upload(outside, timesOf(asked, 'exfiltration')),
    ],
    learning: [
      learningHours('unusual-volume', state.unusual.sent.hours, WEEK_HOURS, nowMs),
      learningHours('unusual-fan-out', state.unusual.spokenTo.hours, WEEK_HOURS, nowMs),
      learningHours('exfiltration', state.exfiltration.hours, LEARN_HOURS, nowMs),
      learning('lateral-movement', state.lateral.beganMs ?? undefined, LATERAL_LEARN_MS, nowMs),
      learning('beacon', state.beacon.beganMs ?? undefined, BEACON_LEARN_MS, nowMs),
    ],
  };
}

/** Each hour of the week has its own. */
function seasonal(
  state: VmState,
  measure: BehaviourMeasure,
  which: UnusualQuantity,
  code: AlertCode,
  asked: { readonly nowMs: number; readonly effort: Effort },
): BehaviourOfMeasure {
  const { hours, atMost } = unusualAt(state.unusual, which, asked.nowMs);
  const week = usualWeek(hours)?.map(Math.round);
  return written(measure, code, hours, { now: atMost, week }, (most) => unusualFrom(which, most, timesOf(asked, code)));
}

/** Every hour has the same. */
function upload(hours: Hours, times: number): BehaviourOfMeasure {
  const { known, atMost } = usual(hours);
  const most = known < LEARN_HOURS ? null : Math.round(atMost);
  const week = most === null ? undefined : Array.from({ length: WEEK_HOURS }, () => most);
  return written('sent-outside', 'exfiltration', hours, { now: most, week }, (one) => uploadFrom(one, times));
}

function written(
  measure: BehaviourMeasure,
  code: AlertCode,
  hours: Hours,
  usuals: { readonly now: number | null; readonly week: readonly number[] | undefined },
  from: (most: number) => number,
): BehaviourOfMeasure {
  const { atMs } = hourOf(hours)!;
  const expected = (most: number | null) => ({ usual: most, alertsFrom: most === null ? null : from(most) });
  return {
    measure,
    code,
    now: { at: instant(atMs), seen: Math.round(hours.now), ...expected(usuals.now) },
    week: lastWeek(hours).map(
      (seen, n): BehaviourHour => ({
        at: instant(atMs - (WEEK_HOURS - n) * HOUR_MS),
        seen: seen === undefined ? null : Math.round(seen),
        ...expected(usuals.week?.[n] ?? null),
      }),
    ),
  };
}

const learningHours = (code: AlertCode, hours: Hours, needed: number, nowMs: number): Learning =>
  learning(code, hourOf(hours)?.sinceMs, needed * HOUR_MS, nowMs);

function learning(code: AlertCode, sinceMs: number | undefined, takesMs: number, nowMs: number): Learning {
  if (sinceMs === undefined) return { code, since: null, until: null, share: 0 };
  const share = Math.min(1, Math.max(0, (nowMs - sinceMs) / takesMs));
  return { code, since: instant(sinceMs), until: instant(sinceMs + takesMs), share };
}
