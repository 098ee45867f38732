import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ApiFailure } from '../errors.ts';
import { isUnavailable, openDatabase } from '../state/database.ts';
import { createDesk, type Desk } from './desk.ts';
import type { Reply, Request, WorkerData } from './messages.ts';
import { OPERATIONS } from './operations.ts';

type Run = (desk: Desk, input: unknown, signal: AbortSignal) => Promise<unknown>;

/** The thread in which policies are analysed. It reads what it needs by itself, so that nothing large comes through the loop. */
function serve(port: MessagePort, { connection }: WorkerData): void {
  const desk = createDesk(openDatabase(connection, () => undefined, 2));
  const running = new Map<number, AbortController>();

  port.on('message', (request: Request) => {
    if (request.type === 'cancel') return running.get(request.id)?.abort();
    const { id, operation, input } = request;
    const stop = new AbortController();
    running.set(id, stop);
    void (OPERATIONS as Readonly<Record<string, Run>>)[operation]!(desk, input, stop.signal)
      .then(
        (answer): Reply => ({ id, type: 'done', answer }),
        (error: unknown) => failure(id, error),
      )
      .then((reply) => {
        running.delete(id);
        port.postMessage(reply);
      });
  });
}

function failure(id: number, error: unknown): Reply {
  const known = isUnavailable(error) ? new ApiFailure('unavailable', {}) : error;
  if (!(known instanceof ApiFailure)) return { id, type: 'failed', error };
  const { code, params, mistakes } = known;
  return { id, type: 'refused', code, params, mistakes: [...mistakes] };
}

serve(parentPort!, workerData as WorkerData);
