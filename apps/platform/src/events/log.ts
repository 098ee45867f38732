import type { PostgresConnection } from '@hypervigil/postgres';
import pg from 'pg';
import type { Logger } from 'pino';
import { clientConfig, type Database } from '../state/database.ts';
import { type EventKind, NOTIFY_CHANNEL } from '../state/work.ts';

export interface LogEntry {
  readonly id: number;
  readonly kind: EventKind;
  readonly subject: string | null;
}

/** New entries in order, or `reset` when some are no longer kept: read everything again. */
export type LogBatch = readonly LogEntry[] | 'reset';

export interface EventLog {
  /** The last entry that was read. */
  position(): number;
  subscribe(listener: (batch: LogBatch) => void): void;
  /** Entries after `id`, at most `limit`; `reset` when some of them are no longer kept. */
  after(id: number, limit: number): Promise<LogBatch>;
  /** Forgets what is older than an hour. */
  prune(): Promise<void>;
  close(): Promise<void>;
}

const BATCH = 1000;
const RECONNECT_MIN_MS = 50;
const RECONNECT_MAX_MS = 2_000;

/**
 * Follows the event log: PostgreSQL says that there is something new (NOTIFY), and it is read from the table. A lost
 * connection loses nothing: after the next one the table is read from where we were.
 */
export async function followEvents(db: Database, connection: PostgresConnection, logger: Logger): Promise<EventLog> {
  const listeners: ((batch: LogBatch) => void)[] = [];
  let position = await lastId(db);
  let closed = false;
  let client: pg.Client | undefined;
  let reading = Promise.resolve();

  async function after(id: number, limit: number): Promise<LogBatch> {
    const entries = await db
      .selectFrom('events')
      .select(['id', 'kind', 'subject'])
      .where('id', '>', id)
      .orderBy('id')
      .limit(limit)
      .execute();
    return entries[0] !== undefined && entries[0].id > id + 1 && !(await isContinuous(db, id))
      ? 'reset'
      : (entries as LogEntry[]);
  }

  async function catchUp(): Promise<void> {
    for (;;) {
      const batch = await after(position, BATCH);
      if (batch.length === 0) return;
      position = batch === 'reset' ? await lastId(db) : batch.at(-1)!.id;
      for (const listener of listeners) listener(batch);
    }
  }

  function read(): void {
    reading = reading.then(catchUp).catch((error: Error) => {
      logger.warn({ err: error }, 'events could not be read');
      // Only a new connection tells that the database is back.
      void client?.end().catch(() => undefined);
    });
  }

  async function listen(): Promise<void> {
    const next = new pg.Client(clientConfig(connection));
    const ended = new Promise<void>((resolve) => {
      next.on('error', (error) => logger.warn({ err: error }, 'the listening connection broke'));
      next.on('end', resolve);
    });
    next.on('notification', read);
    try {
      await next.connect();
      await next.query(`listen ${NOTIFY_CHANNEL}`);
      client = next;
      void ended.then(() => reconnect());
      read();
    } catch (error) {
      await next.end().catch(() => undefined);
      throw error;
    }
  }

  async function reconnect(): Promise<void> {
    client = undefined;
    for (let pause = RECONNECT_MIN_MS; !closed && client === undefined; pause = Math.min(pause * 2, RECONNECT_MAX_MS)) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (!closed) await listen().catch((error: Error) => logger.debug({ err: error }, 'the database is still away'));
    }
  }

  await listen();
  return {
    position: () => position,
    subscribe: (listener) => listeners.push(listener),
    after,
    async prune() {
      await db
        .deleteFrom('events')
        .where('at', '<', new Date(Date.now() - 3_600_000))
        .where('id', '<', position)
        .execute();
    },
    async close() {
      closed = true;
      await client?.end().catch(() => undefined);
      await reading;
    },
  };
}

async function lastId(db: Database): Promise<number> {
  const { id } = await db
    .selectFrom('events')
    .select((e) => e.fn.max('id').as('id'))
    .executeTakeFirstOrThrow();
  return id ?? 0;
}

/** A transaction that was undone leaves a gap too: only when nothing up to `id` is left were entries pruned. */
async function isContinuous(db: Database, id: number): Promise<boolean> {
  if (id === 0) return true;
  const { first } = await db
    .selectFrom('events')
    .select((e) => e.fn.min('id').as('first'))
    .executeTakeFirstOrThrow();
  return first !== null && first <= id;
}
