import type { Welcome } from '../channel/client.ts';

export interface ClockWatch {
  /** Learns the platform's time from its answer, which lies between question and receipt. */
  learn(welcome: Pick<Welcome, 'platformTime' | 'roundTripMs'>): void;
  /** How far this host's clock is ahead of the platform's now, milliseconds; null before the platform was heard. */
  skewMs(): number | null;
}

interface Clocks {
  /** Milliseconds since 1970: may jump. */
  readonly wall: () => number;
  /** Milliseconds of a clock that only moves forward. */
  readonly steady: () => number;
}

/** Carries the platform's time forward on the steady clock, so that a jump of the wall clock shows at once. */
export function createClockWatch({ wall, steady }: Clocks): ClockWatch {
  let offset: number | null = null;
  return {
    learn({ platformTime, roundTripMs }) {
      offset = platformTime + roundTripMs / 2 - steady();
    },
    skewMs: () => (offset === null ? null : Math.round(wall() - (steady() + offset))),
  };
}
