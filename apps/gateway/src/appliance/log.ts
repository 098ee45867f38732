import type { GatewayAlert, GatewayFlow, GatewayMessage, GatewayName, GatewaySight } from '@hypervigil/contract';

type Batch = Extract<GatewayMessage, { type: 'log' }>;

/** Entries that are kept for a host that does not take them: about 40 MB. */
const MAX_KEPT = 100_000;
const BATCH = 250;
const LINGER_MS = 200;

/** Flows, sights, names and alerts on their way to the host: kept until it says that they are durable, lost only when there are too many. */
export interface Log {
  flow(entry: GatewayFlow): void;
  sight(entry: GatewaySight): void;
  name(entry: GatewayName): void;
  alert(entry: GatewayAlert): void;
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
  const alerts: GatewayAlert[] = [];
  /** Sent or to be sent, in order. */
  let kept: Batch[] = [];
  let sent = 0;
  let number = 0;
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;

  function close(): void {
    timer = undefined;
    while ([flows, sights, names, alerts].some((list) => list.length > 0)) {
      number++;
      kept.push({
        ...{ type: 'log', batch: number, nowMs: 0 },
        flows: flows.splice(0, BATCH),
        sights: sights.splice(0, BATCH),
        names: names.splice(0, BATCH),
        alerts: alerts.splice(0, BATCH),
      });
    }
    while (kept.length * BATCH > MAX_KEPT) {
      const oldest = kept.shift()!;
      for (const part of ['flows', 'sights', 'names', 'alerts'] as const) lost += oldest[part].length;
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
    alert: (entry) => add(alerts, entry),
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
