import type { HostIntent, IntentVnic } from '@hypervigil/model';
import type { ConntrackEntry, OvsSwitch } from '@hypervigil/ovs';
import { canonicalBlock } from '@hypervigil/policy';

/** vNICs with so many connections at most. */
export type OpenLimits = ReadonlyMap<number, number>;

export interface OpenWatch {
  /** Looks at how many connections vNICs have; resolves when it has. To be called every second. */
  look(): Promise<void>;
  /** vNICs (by number) that have as many as they may. */
  full(): ReadonlySet<number>;
}

interface WatchDeps {
  readonly conntrack: () => Pick<OvsSwitch['conntrack'], 'count' | 'dump'> | undefined;
  readonly limits: () => OpenLimits;
  readonly intent: () => HostIntent;
  /** Other vNICs are full than before. */
  readonly onChange: () => void;
  /** Milliseconds of a clock that is never set back. */
  readonly now: () => number;
}

/** A vNIC begins again to have room at so much of its limit, lest it change with every connection. */
const ROOM = 0.9;
/** Looking takes no more than this part of the time, however many connections there are. */
const SHARE = 0.1;

/**
 * Open vSwitch bounds connections by zone, and a zone is a network. So they are counted here: only while all of them are as
 * many as the smallest limit, since nobody can be over one before.
 */
export function createOpenWatch({ conntrack, limits, intent, onChange, now }: WatchDeps): OpenWatch {
  let full: ReadonlySet<number> = new Set();
  let restUntil = 0;
  const become = (next: ReadonlySet<number>): void => {
    if (next.symmetricDifference(full).size === 0) return;
    full = next;
    onChange();
  };
  return {
    full: () => full,
    async look() {
      const switchNow = conntrack();
      const bounds = limits();
      if (!switchNow || now() < restUntil) return;
      if (bounds.size === 0) return become(new Set());
      const smallest = Math.min(...bounds.values());
      const all = await switchNow.count();
      if (all !== undefined && all < smallest * ROOM) return become(new Set());
      const startedAt = now();
      const counts = countOpen(await switchNow.dump(), intent().vnics, bounds);
      restUntil = now() + (now() - startedAt) / SHARE;
      become(
        new Set(
          [...bounds].flatMap(([num, most]) =>
            (counts.get(num) ?? 0) >= most * (full.has(num) ? ROOM : 1) ? [num] : [],
          ),
        ),
      );
    },
  };
}

/** How many connections each bounded vNIC is an end of. */
export function countOpen(
  entries: readonly Pick<ConntrackEntry, 'zone' | 'orig'>[],
  vnics: readonly IntentVnic[],
  bounds: OpenLimits,
): Map<number, number> {
  const byAddress = new Map<string, number>();
  for (const { num, network, ipv4, ipv6 } of vnics)
    if (bounds.has(num)) for (const address of [...ipv4, ...ipv6]) byAddress.set(`${network} ${address}`, num);
  const counts = new Map<number, number>();
  for (const { zone, orig } of entries) {
    const ends = new Set([orig.src, orig.dst].map((address) => byAddress.get(`${zone} ${canonicalBlock(address)}`)));
    for (const num of ends) if (num !== undefined) counts.set(num, (counts.get(num) ?? 0) + 1);
  }
  return counts;
}
