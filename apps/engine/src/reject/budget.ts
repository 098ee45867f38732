/** A bucket of tokens: so many at once, and so many a second. */
export interface Budget {
  /** Takes one, if there is one. */
  take(now: number): boolean;
  isFull(now: number): boolean;
}

/** @param now ms of a clock that is never set back */
export function createBudget(burst: number, perSecond: number, now: number): Budget {
  let tokens = burst;
  let at = now;
  const refill = (then: number): void => {
    tokens = Math.min(burst, tokens + ((then - at) / 1000) * perSecond);
    at = then;
  };
  return {
    take(then) {
      refill(then);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    isFull(then) {
      refill(then);
      return tokens >= burst;
    },
  };
}
