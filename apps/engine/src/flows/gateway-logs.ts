import type { GatewayLog } from '../gateways/session.ts';
import type { Aggregator } from './aggregate.ts';

/** What gateways have written down, on its way into the records of flows. */
export interface GatewayLogs {
  /** @param stored says to the gateway that this batch and all before it is durable */
  take(gateway: number, log: GatewayLog, stored: () => void): void;
  /** What was drained by now is durable: gateways may forget what of theirs stands in it. */
  settle(): void;
  /** Batches given up because their gateway wrote too many, since the last call. */
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

export function createGatewayLogs(aggregator: Pick<Aggregator, 'heed'>, steady: () => number): GatewayLogs {
  /** By gateway, in the order in which they came. */
  const waiting = new Map<number, Waiting[]>();
  let lost = 0;
  return {
    take(gateway, { flows, sights }, stored) {
      const isTold = [
        ...sights.map((sight) => aggregator.heed(sight)),
        ...flows.map(({ verdict, rule, ...flow }) =>
          aggregator.heed({ ...flow, deniedBy: verdict === 'deny' ? rule : null }),
        ),
      ];
      const queue = waiting.get(gateway) ?? [];
      waiting.set(gateway, queue);
      queue.push({ isTold, sinceMs: steady(), stored });
      if (queue.length <= MAX_WAITING) return;
      queue.shift();
      lost++;
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
      const taken = lost;
      lost = 0;
      return taken;
    },
  };
}
