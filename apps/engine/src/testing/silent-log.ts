import type { Log } from '../log.ts';

const silent = (): void => {};

/** A log for tests that look at what happens, not at what is said of it. */
export const silentLog: Log = { debug: silent, info: silent, warn: silent, error: silent };
