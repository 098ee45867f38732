import { api, StreamEvent } from '@hypervigil/contract';
import type { Host } from '@hypervigil/model';
import type { TestPerson } from '@hypervigil/platform/testing';

/** The one host of a platform, as its event stream tells of it: what a person's browser sees. */
export interface HostWatch {
  /** The revision that the host is meant to have, as far as was told. */
  intended(): number;
  /** Resolves once the host enforces an intent after this revision, and nothing newer is intended. */
  enforcesAfter(revision: number): Promise<void>;
  close(): void;
}

const WAIT_MS = 60_000;

export async function watchHost(person: TestPerson): Promise<HostWatch> {
  const ended = new AbortController();
  const response = await person.fetch(api.streamEvents.path, { signal: ended.signal });
  if (!response.ok || !response.body) throw new Error(`the event stream answered ${response.status}`);
  let [host] = (await person.client.listHosts({ query: {} })).items;
  const listeners = new Set<() => void>();
  const hear = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const event of eventsOf(body)) {
      if (event.kind !== 'host') continue;
      host = event.host;
      for (const listener of listeners) listener();
    }
  };
  // Ends as we close it; what was waited for meanwhile says so by its own deadline.
  void hear(response.body).catch(() => undefined);

  const settled = (revision: number): boolean =>
    host !== undefined && host.intentRevision > revision && host.appliedRevision === host.intentRevision;
  return {
    intended: () => host?.intentRevision ?? 0,
    async enforcesAfter(revision) {
      const done = Promise.withResolvers<void>();
      const listener = () => {
        if (settled(revision)) done.resolve();
      };
      const timer = setTimeout(() => done.reject(new Error(`not enforced: ${describe(host)}`)), WAIT_MS);
      listeners.add(listener);
      listener();
      try {
        await done.promise;
      } finally {
        clearTimeout(timer);
        listeners.delete(listener);
      }
      if (host?.applyError) throw new Error(`the host refused the intent: ${host.applyError}`);
    },
    close: () => ended.abort(),
  };
}

const describe = (host: Host | undefined): string =>
  host ? `${host.appliedRevision} of ${host.intentRevision}, ${host.applyError ?? 'no error'}` : 'no host';

/** Server-sent events whose data are the contract's. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const frames = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (data !== undefined) yield StreamEvent.parse(JSON.parse(data));
    }
  }
}
