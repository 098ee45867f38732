import { randomUUID } from 'node:crypto';
import type { NotificationKind } from '@hypervigil/model';
import type { Logger } from 'pino';
import type { Database } from '../state/database.ts';
import { PLATFORM, transact } from '../state/work.ts';
import { type Delivering, deliver } from './deliver.ts';
import { holdBack, isFull, makeDigest } from './digest.ts';
import { endLease, leaseRoute, renewLease } from './leases.ts';
import { messageOf, nextWaiting } from './messages.ts';
import { noteFailure, noteSent } from './outcome.ts';
import { DeliveryFailure } from './problems.ts';

/** What became of a try. */
export type NotificationOutcome = 'sent' | 'retried' | 'given-up' | 'held';

export interface CourierDeps extends Delivering {
  readonly db: Database;
  readonly logger: Logger;
  readonly metrics: { notified(kind: NotificationKind, outcome: NotificationOutcome, count: number): void };
  /** How long what a limit held back waits for its digest. */
  readonly digestMs?: number;
}

/** Sends what is in the outbox. Several processes share the routes out. */
export interface Courier {
  /** Begins what is due and can be; it does not wait for its end, so that no destination that is slow holds others up. */
  turn(): Promise<void>;
  /** Cuts what is under way: it is sent again by whoever comes next. */
  stop(): Promise<void>;
}

const MAX_ROUTES_AT_ONCE = 16;
const MAX_MESSAGES_A_TURN = 20;
const DIGEST_MS = 600_000;

export function createCourier(deps: CourierDeps): Courier {
  const { db, logger, metrics, digestMs = DIGEST_MS } = deps;
  const process = randomUUID();
  const running = new Set<Promise<void>>();
  const stopped = new AbortController();

  /** @returns whether there may be more to send */
  async function sendNext(routeId: string): Promise<boolean> {
    if (stopped.signal.aborted || !(await renewLease(db, routeId, process))) return false;
    const waiting = await nextWaiting(db, routeId);
    if (waiting === undefined) return false;
    const { route, row } = waiting;
    const { kind } = route.target;
    if (row.event !== 'digest' && (await isFull(db, routeId, route.per_hour))) {
      metrics.notified(kind, 'held', await holdBack(db, routeId));
      return true;
    }
    try {
      const answer = await deliver(deps, route, messageOf(row, route, deps.publicUrl()), stopped.signal);
      await noteSent(db, routeId, row.id, answer);
      metrics.notified(kind, 'sent', 1);
      return true;
    } catch (error) {
      if (!(error instanceof DeliveryFailure)) throw error;
      if (stopped.signal.aborted) return false;
      const isGivenUp = await noteFailure(db, routeId, row.id, error);
      metrics.notified(kind, isGivenUp ? 'given-up' : 'retried', 1);
      logger.warn({ route: routeId, problem: error.problem.code }, 'a notification did not arrive');
      return false;
    }
  }

  async function serve(routeId: string): Promise<void> {
    try {
      for (let i = 0; i < MAX_MESSAGES_A_TURN && (await sendNext(routeId)); i++);
      await makeDigest(db, routeId, digestMs);
      await transact(db, PLATFORM, async ({ changed }) => changed('notifications'));
    } catch (error) {
      logger.warn({ err: error, route: routeId }, 'notifications of a route wait');
    } finally {
      await endLease(db, routeId, process).catch(() => undefined);
    }
  }

  return {
    async turn() {
      while (running.size < MAX_ROUTES_AT_ONCE && !stopped.signal.aborted) {
        const routeId = await leaseRoute(db, process, digestMs);
        if (routeId === undefined) return;
        const job: Promise<void> = serve(routeId).finally(() => running.delete(job));
        running.add(job);
      }
    },
    async stop() {
      stopped.abort();
      await Promise.all(running);
    },
  };
}
