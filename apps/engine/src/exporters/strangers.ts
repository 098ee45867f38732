import { MAX_STRANGERS, type Stranger } from '@hypervigil/model';

/** Where somebody sends to. */
export interface Place {
  readonly listen: string;
  readonly port: number;
}

/** Counts datagrams of those who are not enrolled, by who they say they are. */
export interface Strangers {
  heard(place: Place, address: string, nowMs: number): void;
  /** Forgets who sent to other places than these. */
  keep(places: readonly Place[]): void;
  /** Those heard last come first. */
  list(): Stranger[];
}

interface Counted extends Place {
  readonly address: string;
  datagrams: number;
  lastMs: number;
}

/** Anybody can send from ever new addresses: those unheard for longest make room. */
export function createStrangers(maximum = MAX_STRANGERS): Strangers {
  /** In order of the last datagram. */
  const known = new Map<string, Counted>();
  return {
    heard({ listen, port }, address, nowMs) {
      const key = `${listen} ${port} ${address}`;
      const one = known.get(key) ?? { listen, port, address, datagrams: 0, lastMs: nowMs };
      one.datagrams++;
      one.lastMs = nowMs;
      known.delete(key);
      known.set(key, one);
      if (known.size > maximum) known.delete(known.keys().next().value!);
    },
    keep(places) {
      const kept = new Set(places.map(({ listen, port }) => `${listen} ${port}`));
      for (const [key, { listen, port }] of known) if (!kept.has(`${listen} ${port}`)) known.delete(key);
    },
    list: () =>
      [...known.values()]
        .reverse()
        .map(({ lastMs, ...same }): Stranger => ({ ...same, lastAt: new Date(lastMs).toISOString() })),
  };
}
