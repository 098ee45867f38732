import type { Logger } from 'pino';

/** The part of pino's logger that the engine's parts use. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
