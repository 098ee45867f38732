import { useSyncExternalStore } from 'react';

const TICK_MS = 5000;

function subscribe(listener: () => void) {
  const timer = setInterval(listener, TICK_MS);
  return () => clearInterval(timer);
}
/** The time, in steps of five seconds, so that all relative times of a screen change together. */
const now = () => Math.floor(Date.now() / TICK_MS) * TICK_MS;

export const useNow = () => useSyncExternalStore(subscribe, now);
