import type { Welcome } from '../channel/client.ts';

/** Beyond it a clock is wrong enough to say so, and to put right what was dated by it. */
export const MAX_SKEW_MS = 5_000;

export interface ClockWatch {
  /** A session began: the platform's time lies between question and answer. What an older session told is forgotten. */
  learn(welcome: Pick<Welcome, 'platformTime' | 'roundTripMs'>): void;
  /** The platform's time, as old as its way here took and as we were busy. */
  hear(platformTime: number): void;
  /** How far this host's clock is ahead of the platform's now, milliseconds; null before the platform was heard. */
  skewMs(): number | null;
  /** The skew where it is beyond {@link MAX_SKEW_MS}, else 0: what to take off a time of this host. */
  errorMs(): number;
}

interface Clocks {
  /** Milliseconds since 1970: may jump. */
  readonly wall: () => number;
  /** Milliseconds of a clock that only moves forward. */
  readonly steady: () => number;
}

/** A delay makes the platform look slow, never fast: the latest of a few times is the nearest to the truth. */
const KEPT = 3;

/** Carries the platform's time forward on the steady clock, so that a jump of either wall clock shows. */
export function createClockWatch({ wall, steady }: Clocks): ClockWatch {
  let offsets: readonly number[] = [];
  const skewMs = () => (offsets.length === 0 ? null : Math.round(wall() - (steady() + Math.max(...offsets))));
  return {
    learn({ platformTime, roundTripMs }) {
      offsets = [platformTime + roundTripMs / 2 - steady()];
    },
    hear(platformTime) {
      offsets = [...offsets, platformTime - steady()].slice(-KEPT);
    },
    skewMs,
    errorMs() {
      const skew = skewMs() ?? 0;
      return Math.abs(skew) > MAX_SKEW_MS ? skew : 0;
    },
  };
}
