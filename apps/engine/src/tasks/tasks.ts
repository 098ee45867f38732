import type { EngineMessage, PlatformMessage } from '@hypervigil/contract';
import { describeError, EngineError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { TaskRunner } from './runner.ts';

type TaskOrder = Extract<PlatformMessage, { type: 'task' }>;
type TaskReport = Extract<EngineMessage, { type: 'task' }>;

export interface Tasks {
  /** Runs a task unless it already runs: the platform may send it again after a reconnect. */
  accept(order: TaskOrder): void;
  /** Tells again what could not be told, and what still runs. */
  resume(): void;
}

interface TasksDeps {
  readonly run: TaskRunner;
  readonly send: (report: TaskReport) => boolean;
  readonly log: Log;
}

/** Outcomes remembered, so that a task sent again after a lost answer is answered, not repeated. */
const REMEMBERED = 200;
const MAX_RUNNING = 32;

export function createTasks({ run, send, log }: TasksDeps): Tasks {
  const running = new Set<string>();
  const outcomes = new Map<string, TaskReport>();
  const untold = new Set<string>();

  const report = (id: string, state: TaskReport['state'], error: TaskReport['error']): void => {
    const message: TaskReport = { type: 'task', id, state, progress: state === 'done' ? 1 : null, error };
    if (state !== 'running') {
      outcomes.set(id, message);
      for (const old of outcomes.keys()) {
        if (outcomes.size <= REMEMBERED) break;
        outcomes.delete(old);
        untold.delete(old);
      }
    }
    if (!send(message) && state !== 'running') untold.add(id);
  };

  const execute = async (order: TaskOrder): Promise<void> => {
    const lease = AbortSignal.timeout(order.leaseSeconds * 1000);
    try {
      await run(order, lease);
      report(order.id, 'done', null);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal';
      log.warn({ task: order.id, kind: order.kind, reason: describeError(error) }, 'task failed');
      report(order.id, 'failed', { code: code.slice(0, 64), message: describeError(error).slice(0, 2000) });
    } finally {
      running.delete(order.id);
    }
  };

  return {
    accept(order) {
      const outcome = outcomes.get(order.id);
      if (outcome) return void send(outcome);
      if (running.has(order.id)) return report(order.id, 'running', null);
      if (running.size >= MAX_RUNNING) {
        const busy = new EngineError('bad-task', `This host already works on ${MAX_RUNNING} tasks`);
        return report(order.id, 'failed', { code: 'busy', message: busy.message });
      }
      running.add(order.id);
      report(order.id, 'running', null);
      void execute(order);
    },
    resume() {
      for (const id of untold) {
        const outcome = outcomes.get(id);
        if (!outcome || send(outcome)) untold.delete(id);
      }
      for (const id of running) report(id, 'running', null);
    },
  };
}
