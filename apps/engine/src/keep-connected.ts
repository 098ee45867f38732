import { setTimeout as delay } from 'node:timers/promises';
import { createBackoff } from './backoff.ts';
import { describeError } from './errors.ts';
import type { Log } from './log.ts';

export interface Connection {
  /** Resolves when the session is over, whatever the reason. */
  readonly closed: Promise<unknown>;
  close(): unknown;
}

export interface KeepConnectedOptions<C extends Connection> {
  /** What is connected to, for the log. */
  readonly name: string;
  connect(): Promise<C>;
  /** Runs once per session; a rejection ends the session and it is tried again. */
  use(connection: C): Promise<void>;
  lost(): void;
  readonly log: Log;
  readonly random: () => number;
  readonly firstMs?: number;
  readonly maxMs?: number;
}

export interface KeptConnection<C extends Connection> {
  /** The session while there is one. */
  current(): C | undefined;
  /** Why there is none. */
  reason(): string | undefined;
  stop(): Promise<void>;
}

/** Connects, and again after every loss, until stopped. */
export function keepConnected<C extends Connection>(options: KeepConnectedOptions<C>): KeptConnection<C> {
  const { name, log, random, firstMs = 100, maxMs = 5_000 } = options;
  const backoff = createBackoff(firstMs, maxMs, random);
  const stopping = new AbortController();
  let current: C | undefined;
  let reason: string | undefined = 'not connected yet';

  const session = async (): Promise<void> => {
    const connection = await options.connect();
    if (stopping.signal.aborted) return void connection.close();
    current = connection;
    reason = undefined;
    const ended = connection.closed.then((why) => {
      throw why instanceof Error ? why : new Error('the session ended');
    });
    try {
      await Promise.race([options.use(connection), ended]);
      backoff.reset();
      log.info({ peer: name }, 'connected');
      await ended;
    } finally {
      current = undefined;
      await connection.close();
      options.lost();
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await session().catch((error: unknown) => {
        if (stopping.signal.aborted) return;
        const now = describeError(error);
        if (now !== reason) log.warn({ peer: name, reason: now }, 'connection lost');
        reason = now;
      });
      await delay(backoff.next(), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();

  return {
    current: () => current,
    reason: () => reason,
    async stop() {
      stopping.abort();
      await current?.close();
      await running;
    },
  };
}
