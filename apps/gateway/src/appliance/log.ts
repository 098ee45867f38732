import type { GatewayFlow, GatewayMessage, GatewayName } from '@hypervigil/contract';

type Batch = Extract<GatewayMessage, { type: 'log' }>;

/** Entries that are kept for a host that does not take them: about 40 MB. */
const MAX_KEPT = 100_000;
const BATCH = 250;
const LINGER_MS = 200;

/** Flows and names on their way to the host: kept until it says that they are durable, lost only when there are too many. */
export interface Log {
  flow(entry: GatewayFlow): void;
  name(entry: GatewayName): void;
  /** Batches up to this one are durable. */
  stored(batch: number): void;
  /** Everything that is not known to be durable goes again: the host is another, or began anew. */
  resend(): void;
  lost(): number;
}

export function createLog(send: (batch: Batch) => boolean): Log {
  const flows: GatewayFlow[] = [];
  const names: GatewayName[] = [];
  /** Sent or to be sent, in order. */
  let kept: Batch[] = [];
  let sent = 0;
  let number = 0;
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;

  function close(): void {
    timer = undefined;
    while (flows.length > 0 || names.length > 0) {
      number++;
      kept.push({ type: 'log', batch: number, flows: flows.splice(0, BATCH), names: names.splice(0, BATCH) });
    }
    while (kept.length * BATCH > MAX_KEPT) {
      const oldest = kept.shift()!;
      lost += oldest.flows.length + oldest.names.length;
      if (sent > 0) sent--;
    }
    flush();
  }

  function flush(): void {
    for (let next = kept[sent]; next && send(next); next = kept[sent]) sent++;
    // The channel is full: again later.
    if (sent < kept.length) timer ??= setTimeout(close, LINGER_MS);
  }

  function add<T>(list: T[], entry: T): void {
    list.push(entry);
    if (list.length >= BATCH) {
      clearTimeout(timer);
      close();
    } else timer ??= setTimeout(close, LINGER_MS);
  }

  return {
    flow: (entry) => add(flows, entry),
    name: (entry) => add(names, entry),
    stored(batch) {
      const rest = kept.filter((one) => one.batch > batch);
      sent = Math.max(0, sent - (kept.length - rest.length));
      kept = rest;
    },
    resend() {
      sent = 0;
      flush();
    },
    lost: () => lost,
  };
}
