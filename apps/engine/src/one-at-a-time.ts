/** A piece of work of which one is done at a time. */
export interface OneAtATime {
  /** Does it, and where it is being done, once more after that. */
  readonly ask: () => void;
  /** Does it no more; resolves when what is being done has ended. */
  stop(): Promise<void>;
}

/** @param failed hears of work that rejected; the next ask does it again */
export function oneAtATime(work: () => Promise<void>, failed: (error: unknown) => void): OneAtATime {
  let doing: Promise<void> | undefined;
  let isAsked = false;
  let isDoing = false;
  let isStopped = false;
  const doAsked = async (): Promise<void> => {
    while (isAsked && !isStopped) {
      isAsked = false;
      await work().catch(failed);
    }
    isDoing = false;
  };
  return {
    ask() {
      isAsked = true;
      if (isDoing || isStopped) return;
      isDoing = true;
      doing = doAsked();
    },
    async stop() {
      isStopped = true;
      await doing;
    },
  };
}
