import type { StreamEvent } from '@hypervigil/contract';
import type { Logger } from 'pino';
import type { CutEvent } from './cut.ts';
import type { EventLog, LogBatch, LogEntry } from './log.ts';

/** What a browser is told of one entry: the present state of its subject, so that a late reader reads nothing stale. */
export type Render = (entries: readonly LogEntry[]) => Promise<ReadonlyMap<number, StreamEvent>>;

interface Frame {
  readonly id: number;
  /** As those read it who may read everything. */
  readonly text: string;
  /** Without one it only moves the reader's place. */
  readonly event?: StreamEvent;
}

export interface EventStreams {
  /** Server-sent events from `lastEventId` (or now) on, until `signal` or until the reader is no longer `allowed`. */
  open(
    lastEventId: string | undefined,
    signal: AbortSignal,
    allowed: () => Promise<boolean>,
    /** What this reader may have of an event; without it, everything. */
    cut?: CutEvent,
  ): AsyncGenerator<string>;
  count(): number;
  close(): void;
}

/** Entries that are kept as text for readers who are nearly up to date; the rest is read from the log again. */
const RECENT = 2_000;
const CATCH_UP = 500;
const HEARTBEAT_MS = 15_000;

/**
 * Fans the event log out to browsers. Each reader pulls at its own pace from a position of its own: a slow one holds up
 * nobody and fills no queue.
 */
export function createStreams(log: EventLog, render: Render, logger: Logger): EventStreams {
  const wakers = new Set<() => void>();
  let recent: Frame[] = [];
  /** Entries up to here are in `recent` or older than it. */
  let head = log.position();
  /** `recent` holds all entries after this one. */
  let tail = head;
  let readers = 0;
  let closed = false;
  let rendering = Promise.resolve();

  async function take(batch: LogBatch): Promise<void> {
    if (batch === 'reset' || readers === 0) {
      recent = [];
      head = batch === 'reset' ? log.position() : batch.at(-1)!.id;
      tail = head;
    } else {
      const frames = await framesOf(batch, render).catch((error: Error) => {
        logger.warn({ err: error }, 'events could not be shown; readers read them from the log');
        return undefined;
      });
      head = batch.at(-1)!.id;
      if (frames === undefined) {
        recent = [];
        tail = head;
      } else recent.push(...frames);
      if (recent.length > RECENT) {
        recent = recent.slice(-RECENT / 2);
        tail = recent[0]!.id - 1;
      }
    }
    for (const wake of wakers) wake();
  }

  log.subscribe((batch) => {
    rendering = rendering.then(() => take(batch));
  });

  /** Resolves with the next entry, a heartbeat's time, or the end; never rejects. */
  function moved(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        wakers.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, HEARTBEAT_MS);
      wakers.add(done);
      signal.addEventListener('abort', done);
    });
  }

  async function framesAfter(position: number): Promise<readonly Frame[] | 'reset'> {
    if (position >= tail) return recent.filter((frame) => frame.id > position);
    const batch = await log.after(position, CATCH_UP);
    return batch === 'reset' ? 'reset' : framesOf(batch, render);
  }

  async function* read(
    from: number | 'reset',
    signal: AbortSignal,
    allowed: () => Promise<boolean>,
    cut?: CutEvent,
  ): AsyncGenerator<string> {
    let checked = performance.now();
    let position = from === 'reset' ? head : from;
    yield from === 'reset' ? resetFrame(position) : `: hello\nid: ${position}\n\n`;
    while (!signal.aborted && !closed) {
      if (performance.now() - checked >= HEARTBEAT_MS) {
        if (!(await allowed())) return;
        checked = performance.now();
      }
      if (position >= head) {
        await moved(signal);
        if (position >= head) yield ':\n\n';
        continue;
      }
      const seen = head;
      const frames = await framesAfter(position);
      if (frames === 'reset') {
        position = seen;
        yield resetFrame(position);
        continue;
      }
      if (frames.length > 0) yield (await textsFor(frames, cut)).join('');
      position = frames.at(-1)?.id ?? seen;
    }
  }

  return {
    async *open(lastEventId, signal, allowed, cut) {
      readers += 1;
      try {
        yield* read(startOf(lastEventId, head), signal, allowed, cut);
      } finally {
        readers -= 1;
      }
    },
    count: () => readers,
    close() {
      closed = true;
      for (const wake of wakers) wake();
    },
  };
}

/** A position that we never gave out belongs to another database: begin anew. */
function startOf(lastEventId: string | undefined, head: number): number | 'reset' {
  if (lastEventId === undefined || lastEventId === '') return head;
  const id = Number(lastEventId);
  return Number.isSafeInteger(id) && id >= 0 && id <= head ? id : 'reset';
}

async function framesOf(entries: readonly LogEntry[], render: Render): Promise<Frame[]> {
  const latest = new Map(entries.map((entry) => [`${entry.kind} ${entry.subject}`, entry]));
  const wanted = [...latest.values()].sort((a, b) => a.id - b.id);
  const events = await render(wanted);
  const frames: Frame[] = wanted.flatMap(({ id }) => {
    const event = events.get(id);
    return event === undefined ? [] : [{ id, text: frame(id, event), event }];
  });
  // The last entry's number counts even when it said nothing, or its reader would ask for it for ever.
  const last = entries.at(-1);
  if (last !== undefined && frames.at(-1)?.id !== last.id) frames.push({ id: last.id, text: `id: ${last.id}\n\n` });
  return frames;
}

async function textsFor(frames: readonly Frame[], cut: CutEvent | undefined): Promise<string[]> {
  if (cut === undefined) return frames.map(({ text }) => text);
  return Promise.all(
    frames.map(async ({ id, text, event }) => {
      if (event === undefined) return text;
      const seen = await cut(event);
      return seen === undefined ? `id: ${id}\n\n` : frame(id, seen);
    }),
  );
}

function frame(id: number, event: StreamEvent): string {
  return `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
}

function resetFrame(id: number): string {
  return frame(id, { kind: 'reset', at: new Date().toISOString() });
}
