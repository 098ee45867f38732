/** Work that several may wait for; it goes on as long as one of them does. */
export interface Shared<T> {
  wait(signal: AbortSignal): Promise<T>;
}

export function share<T>(work: (signal: AbortSignal) => Promise<T>, onFailure: () => void): Shared<T> {
  const stop = new AbortController();
  const result = work(stop.signal);
  result.catch(onFailure);
  let waiting = 0;
  return {
    wait(signal) {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const leave = () => {
        reject(signal.reason);
        if (--waiting === 0) stop.abort();
      };
      waiting++;
      signal.addEventListener('abort', leave, { once: true });
      result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
      return promise;
    },
  };
}
