import type { Logger } from 'pino';
import type { ChannelRegistry } from '../channel/registry.ts';
import type { EventLog, LogBatch } from '../events/log.ts';
import type { TaskDispatcher } from './dispatcher.ts';

/** Sends tasks when there is a new one, and migrations when a host may have become ready to receive. */
export function dispatchOnEvents(deps: {
  registry: ChannelRegistry;
  log: EventLog;
  dispatcher: TaskDispatcher;
  logger: Logger;
}): void {
  const { registry, log, dispatcher, logger } = deps;
  let working = false;
  let again = false;

  async function dispatchAll(): Promise<void> {
    do {
      again = false;
      const waiting = await dispatcher.waiting(registry.held().map(({ hostId }) => hostId));
      for (const channel of registry.all()) if (waiting.has(channel.engine.hostId)) await dispatcher.dispatch(channel);
    } while (again);
  }

  log.subscribe((batch: LogBatch) => {
    if (batch !== 'reset' && !batch.some(({ kind }) => kind === 'task' || kind === 'host')) return;
    again = true;
    if (working) return;
    working = true;
    void dispatchAll()
      .catch((error: Error) => logger.warn({ err: error }, 'tasks could not be sent'))
      .finally(() => {
        working = false;
      });
  });
}
