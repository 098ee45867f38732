import type { Bits } from './bits.ts';
import type { Cells } from './packet-set.ts';
import type { ServiceSet, ServiceSpace } from './service-set.ts';

/**
 * What a source sends, while one rule after the other takes of it. Of the thousands of sets in between nobody asks which
 * of them are equal, so only what is taken becomes {@link Cells}.
 */
export interface ChangingCells {
  /** Takes out what it shares with some cells, which is the answer. */
  take(some: Cells): Cells;
  /** What it shares with some cells. */
  shared(some: Cells): Cells;
  add(some: Cells): void;
  copy(): ChangingCells;
  now(): Cells;
}

interface Deps {
  readonly services: ServiceSpace;
  readonly intern: (found: ReadonlyMap<ServiceSet, Bits>) => Cells;
}

export function createChangingCells({ services, intern }: Deps, from: Cells): ChangingCells {
  return changing(new Map(from.cells.map((cell) => [cell.services, cell.dst])));

  /** @param parts none of them empty, apart from each other in their destinations */
  function changing(parts: Map<ServiceSet, Bits>): ChangingCells {
    const put = (set: ServiceSet, dst: Bits): void => {
      if (dst === 0n || set === services.none) parts.delete(set);
      else parts.set(set, dst);
    };
    const add = (set: ServiceSet, dst: Bits): void => put(set, (parts.get(set) ?? 0n) | dst);

    function shared(some: Cells, isTaken: boolean): Cells {
      const found = new Map<ServiceSet, Bits>();
      let isWhole = true;
      for (const cell of some.cells) {
        let unmet = cell.dst;
        // What is added on the way is no more of what is unmet.
        for (const [set, dst] of parts) {
          const both = unmet & dst;
          if (both === 0n) continue;
          unmet ^= both;
          const common = services.intersection(set, cell.services);
          isWhole &&= common === cell.services;
          if (common === services.none) continue;
          found.set(common, (found.get(common) ?? 0n) | both);
          if (!isTaken) continue;
          put(set, dst ^ both);
          add(services.difference(set, cell.services), both);
        }
        isWhole &&= unmet === 0n;
      }
      return isWhole ? some : intern(found);
    }

    return {
      take: (some) => shared(some, true),
      shared: (some) => shared(some, false),
      add(some) {
        for (const cell of some.cells) {
          let unmet = cell.dst;
          for (const [set, dst] of parts) {
            const both = unmet & dst;
            if (both === 0n) continue;
            unmet ^= both;
            const together = services.union(set, cell.services);
            if (together === set) continue;
            put(set, dst ^ both);
            add(together, both);
          }
          add(cell.services, unmet);
        }
      },
      copy: () => changing(new Map(parts)),
      now: () => intern(parts),
    };
  }
}
