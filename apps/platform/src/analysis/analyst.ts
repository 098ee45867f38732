import { Worker } from 'node:worker_threads';
import type { PostgresConnection } from '@hypervigil/postgres';
import type { Logger } from 'pino';
import { ApiFailure } from '../errors.ts';
import type { Reply, Request, WorkerData } from './messages.ts';
import type { AnswerOf, InputOf, Operation } from './operations.ts';

/** Answers questions about policies in a thread of its own: the platform's loop goes on meanwhile. */
export interface Analyst {
  /**
   * @throws ApiFailure what the operation throws, or `analysis-stopped` when it took more time or memory than it may
   */
  run<O extends Operation>(operation: O, input: InputOf<O>, signal?: AbortSignal): Promise<AnswerOf<O>>;
  close(): Promise<void>;
}

export interface AnalystOptions {
  readonly connection: PostgresConnection;
  readonly logger: Logger;
  /** How long one question may take, and how much memory all of them together. */
  readonly limits: { readonly seconds: number; readonly mib: number };
}

interface Job {
  readonly request: Request & { readonly type: 'run' };
  readonly timer: NodeJS.Timeout;
  settle(reply: Reply | ApiFailure): void;
}

/** More questions at once are turned away. */
const MAX_JOBS = 32;
/** How long a question that nobody waits for any more may take to notice; then its thread is ended. */
const GRACE_MS = 10_000;
/** A thread that nobody asks gives its memory back. */
const IDLE_MS = 600_000;

export function createAnalyst({ connection, logger, limits }: AnalystOptions): Analyst {
  const jobs = new Map<number, Job>();
  /** Cancelled and not yet stopped. */
  const stopping = new Map<number, NodeJS.Timeout>();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  let closed = false;

  function started(): Worker {
    if (worker !== undefined) return worker;
    const workerData: WorkerData = { connection };
    const next = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: limits.mib },
    });
    next.on('message', (reply: Reply) => finish(reply.id, reply));
    next.on('error', (error: NodeJS.ErrnoException) => {
      if (next !== worker) return;
      logger.warn({ err: error }, 'the analysis thread ended');
      drop();
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      for (const id of [...jobs.keys()]) finish(id, isMemory ? stopped('memory') : { id, type: 'failed', error });
    });
    worker = next;
    return next;
  }

  /** Leaves the thread; the next question starts another. */
  function drop(): Worker | undefined {
    const left = worker;
    worker = undefined;
    for (const timer of stopping.values()) clearTimeout(timer);
    stopping.clear();
    return left;
  }

  const stopped = (reason: 'time' | 'memory') =>
    new ApiFailure('analysis-stopped', { reason, seconds: limits.seconds, mib: limits.mib });

  function finish(id: number, result: Reply | ApiFailure): void {
    clearTimeout(stopping.get(id));
    stopping.delete(id);
    const job = jobs.get(id);
    if (job === undefined) return;
    jobs.delete(id);
    clearTimeout(job.timer);
    job.settle(result);
    if (jobs.size > 0) return;
    clearTimeout(idle);
    idle = setTimeout(() => void (jobs.size === 0 && drop()?.terminate()), IDLE_MS).unref();
  }

  /** Nobody waits for it any more. One that does not notice takes its thread with it; what else ran there begins again. */
  function cancel(id: number, reason: ApiFailure): void {
    const job = jobs.get(id);
    if (job === undefined) return;
    finish(id, reason);
    post({ type: 'cancel', id });
    stopping.set(
      id,
      setTimeout(() => {
        logger.warn({ operation: job.request.operation }, 'an analysis did not stop and is ended with its thread');
        void drop()?.terminate();
        for (const { request } of jobs.values()) post(request);
      }, GRACE_MS).unref(),
    );
  }

  const post = (request: Request) => started().postMessage(request);

  return {
    run: (operation, input, signal) =>
      new Promise((resolve, reject) => {
        if (closed || jobs.size >= MAX_JOBS || signal?.aborted) return reject(new ApiFailure('unavailable', {}));
        const id = ++lastId;
        const gone = () => cancel(id, new ApiFailure('unavailable', {}));
        signal?.addEventListener('abort', gone, { once: true });
        jobs.set(id, {
          request: { type: 'run', id, operation, input },
          timer: setTimeout(() => cancel(id, stopped('time')), limits.seconds * 1000),
          settle(result) {
            signal?.removeEventListener('abort', gone);
            if (result instanceof ApiFailure) reject(result);
            else if (result.type === 'done') resolve(result.answer as never);
            else if (result.type === 'failed') reject(result.error);
            else reject(new ApiFailure(result.code, result.params as never, { mistakes: result.mistakes }));
          },
        });
        post(jobs.get(id)!.request);
      }),
    async close() {
      closed = true;
      clearTimeout(idle);
      const left = drop();
      for (const id of [...jobs.keys()]) finish(id, new ApiFailure('unavailable', {}));
      clearTimeout(idle);
      await left?.terminate();
    },
  };
}
