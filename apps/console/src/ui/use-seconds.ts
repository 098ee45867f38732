import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void) {
  const timer = setInterval(listener, 1000);
  return () => clearInterval(timer);
}
const now = () => Math.floor(Date.now() / 1000) * 1000;

/** The time in steps of a second: for what counts down, and is gone soon. */
export const useSeconds = () => useSyncExternalStore(subscribe, now);
