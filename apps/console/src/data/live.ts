import { api, StreamEvent } from '@hypervigil/contract';
import type { QueryClient } from '@tanstack/react-query';
import { applyEvents } from './events.ts';

export type LiveState = 'connecting' | 'live' | 'paused' | 'lost';

/** How long events gather before they change the screen: below what a person notices, above what 10,000 VMs can storm. */
const GATHER_MS = 100;
/** More than this waiting behind a pause is cheaper to read again. */
const MAX_HELD = 5000;

/**
 * The platform's event stream, applied to the query cache. The browser reconnects by itself and sends the last event's
 * id, so nothing is missed; `reset` says that too much was.
 */
export class LiveUpdates {
  readonly #client: QueryClient;
  readonly #listeners = new Set<() => void>();
  #source: EventSource | undefined;
  #held: StreamEvent[] = [];
  #overflow = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: LiveState = 'connecting';
  #paused = false;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): LiveState => (this.#paused ? 'paused' : this.#state);

  start(): void {
    this.stop();
    const source = new EventSource(api.streamEvents.path);
    source.onopen = () => this.#become('live');
    source.onerror = () => {
      this.#become(source.readyState === EventSource.CLOSED ? 'lost' : 'connecting');
      // A stream that was refused, not cut: perhaps the session ended.
      if (source.readyState === EventSource.CLOSED) void this.#client.invalidateQueries({ queryKey: ['session'] });
    };
    source.onmessage = (message: MessageEvent<string>) => this.#receive(message.data);
    this.#source = source;
  }

  stop(): void {
    this.#source?.close();
    this.#source = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#held = [];
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    if (!paused) this.#flush();
    this.#tell();
  }

  #receive(text: string): void {
    const event = StreamEvent.safeParse(parseJson(text));
    if (!event.success) return;
    if (this.#held.length >= MAX_HELD) {
      this.#overflow = true;
      return;
    }
    this.#held.push(event.data);
    if (!this.#paused) this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#paused) return;
    const events = this.#held;
    this.#held = [];
    applyEvents(this.#client, this.#overflow ? [{ kind: 'reset', at: new Date().toISOString() }] : events);
    this.#overflow = false;
  }

  #become(state: LiveState): void {
    this.#state = state;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a frame of something between us and the platform
  }
}
