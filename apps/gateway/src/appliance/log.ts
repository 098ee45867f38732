import type { GatewayFlow, GatewayMessage, GatewayName, GatewaySight } from '@hypervigil/contract';

type Batch = Extract<GatewayMessage, { type: 'log' }>;

/** Entries that are kept for a host that does not take them: about 40 MB. */
const MAX_KEPT = 100_000;
const BATCH = 250;
const LINGER_MS = 200;

/** Flows, sights and names on their way to the host: kept until it says that they are durable, lost only when there are too many. */
export interface Log {
  flow(entry: GatewayFlow): void;
  sight(entry: GatewaySight): void;
  name(entry: GatewayName): void;
  /** Batches up to this one are durable. */
  stored(batch: number): void;
  /** Everything that is not known to be durable goes again: the host is another, or began anew. */
  resend(): void;
  lost(): number;
}

export function createLog(send: (batch: Batch) => boolean): Log {
  const flows: GatewayFlow[] = [];
  const sights: GatewaySight[] = [];
  const names: GatewayName[] = [];
  /** Sent or to be sent, in order. */
  let kept: Batch[] = [];
  let sent = 0;
  let number = 0;
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;

  function close(): void {
    timer = undefined;
    while (flows.length > 0 || sights.length > 0 || names.length > 0) {
      number++;
      const [some, seen, named] = [flows.splice(0, BATCH), sights.splice(0, BATCH), names.splice(0, BATCH)];
      kept.push({ type: 'log', batch: number, nowMs: 0, flows: some, sights: seen, names: named });
    }
    while (kept.length * BATCH > MAX_KEPT) {
      const oldest = kept.shift()!;
      lost += oldest.flows.length + oldest.sights.length + oldest.names.length;
      if (sent > 0) sent--;
    }
    flush();
  }

  function flush(): void {
    for (let next = kept[sent]; next && send({ ...next, nowMs: Date.now() }); next = kept[sent]) sent++;
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
    sight: (entry) => add(sights, entry),
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
