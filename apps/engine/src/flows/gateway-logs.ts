import type { NameRecord } from '@hypervigil/contract';
import type { GatewayLog } from '../gateways/session.ts';
import type { Aggregator } from './aggregate.ts';
import type { GatewayWord } from './gateway-words.ts';

/** What gateways have written down, on its way into the records of flows. */
export interface GatewayLogs {
  /** @param stored says to the gateway that this batch and all before it is durable */
  take(gateway: number, log: GatewayLog, stored: () => void): void;
  /** Names that were told since the last call. */
  drainNames(): NameRecord[];
  /** What was drained by now is durable: gateways may forget what of theirs stands in it. */
  settle(): void;
  /** Batches and names given up because there were too many, since the last call. */
  takeLost(): number;
}

interface Waiting {
  readonly isTold: readonly (() => boolean)[];
  readonly sinceMs: number;
  readonly stored: () => void;
}

/** A connection of which the switch has said nothing for so long is none of its own. */
const PATIENCE_MS = 10_000;
/** Batches that may wait, of one gateway: it sends some each second. */
const MAX_WAITING = 1_000;
const MAX_NAMES = 50_000;

interface LogsDeps {
  readonly aggregator: Pick<Aggregator, 'heed'>;
  /** The identity of one of this host's gateways, by its number. */
  readonly gatewayId: (num: number) => string | undefined;
  /** Milliseconds of a clock that only moves forward. */
  readonly steady: () => number;
  /** The platform's clock. */
  readonly now: () => number;
}

export function createGatewayLogs({ aggregator, gatewayId, steady, now }: LogsDeps): GatewayLogs {
  /** By gateway, in the order in which they came. */
  const waiting = new Map<number, Waiting[]>();
  let names: NameRecord[] = [];
  /** Names taken in, and of them those that were drained, since the beginning. */
  let taken = 0;
  let drained = 0;
  let lost = 0;

  /** A gateway's clock is its own: what it says of time is taken by how long ago that was. */
  const aheadOf = ({ nowMs }: GatewayLog): number => (nowMs === 0 ? 0 : nowMs - now());
  const onOurClock = (atMs: number, aheadMs: number): number => Math.max(0, Math.min(now(), atMs - aheadMs));

  function takeNames(gateway: number, log: GatewayLog): () => boolean {
    const id = gatewayId(gateway) ?? null;
    const aheadMs = aheadOf(log);
    for (const entry of log.names)
      names.push({ ...entry, gateway: { num: gateway, id }, atMs: onOurClock(entry.atMs, aheadMs) });
    taken += log.names.length;
    if (names.length > MAX_NAMES) lost += names.splice(0, names.length - MAX_NAMES).length;
    const last = taken;
    return () => drained >= last;
  }

  /** What its intrusion detection has seen: from copies, so it ends nothing. */
  function wordOf(gateway: number, aheadMs: number, { atMs, ...alert }: GatewayLog['alerts'][number]): GatewayWord {
    const { net, protocol, srcIp, dstIp, srcPort, dstPort, ...signature } = alert;
    return {
      ...{ net, protocol, srcIp, dstIp, srcPort, dstPort },
      ...{ recognised: null, deniedBy: null, blocked: null, copiedTo: gateway },
      signature: { ...signature, at: new Date(onOurClock(atMs, aheadMs)).toISOString() },
    };
  }

  return {
    take(gateway, log, stored) {
      const { flows, sights, alerts } = log;
      const isTold = [
        takeNames(gateway, log),
        ...sights.map(({ copied, ...sight }) => aggregator.heed({ ...sight, copiedTo: copied ? gateway : null })),
        ...alerts.map((alert) => aggregator.heed(wordOf(gateway, aheadOf(log), alert))),
        ...flows.map(({ verdict, rule, ...flow }) =>
          aggregator.heed({ ...flow, deniedBy: verdict === 'deny' ? rule : null, blocked: null }),
        ),
      ];
      const queue = waiting.get(gateway) ?? [];
      waiting.set(gateway, queue);
      queue.push({ isTold, sinceMs: steady(), stored });
      if (queue.length <= MAX_WAITING) return;
      queue.shift();
      lost++;
    },
    drainNames() {
      const all = names;
      names = [];
      drained = taken;
      return all;
    },
    settle() {
      for (const [gateway, queue] of waiting) {
        const isSettled = ({ isTold, sinceMs }: Waiting) =>
          steady() - sinceMs >= PATIENCE_MS || isTold.every((told) => told());
        const open = queue.findIndex((one) => !isSettled(one));
        const settled = queue.splice(0, open < 0 ? queue.length : open);
        settled.at(-1)?.stored();
        if (queue.length === 0) waiting.delete(gateway);
      }
    },
    takeLost() {
      const gone = lost;
      lost = 0;
      return gone;
    },
  };
}
