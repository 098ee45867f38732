import type { Logger } from 'pino';

/**
 * Does something again and again: `ms` after it was done the last time, failing or not. A chore that fails is logged
 * and tried again at its next turn.
 * @returns a function that begins it, which returns one that ends it and waits for the turn that is under way
 */
export function every(ms: number, name: string, run: () => Promise<unknown>): (logger: Logger) => () => Promise<void> {
  return (logger) => {
    let timer: NodeJS.Timeout | undefined;
    let stopped = false;
    let turn = Promise.resolve();
    const next = () => {
      turn = run().then(
        () => undefined,
        (error: Error) => logger.warn({ err: error, chore: name }, 'a chore failed'),
      );
      void turn.then(() => {
        if (!stopped) timer = setTimeout(next, ms);
      });
    };
    timer = setTimeout(next, ms);
    return async () => {
      stopped = true;
      clearTimeout(timer);
      await turn;
    };
  };
}
