import { getOrAdd } from '../maps.ts';
import { type Bits, isSingle } from './bits.ts';
import { type ChangingCells, createChangingCells } from './changing-cells.ts';
import type { ServiceSet, ServiceSpace } from './service-set.ts';

/**
 * A set of packets: from which classes of ends, to which, by which services. Classes are those that no rule tells
 * further apart (atomic predicates: Yang and Lam, "Real-time verification of network properties using atomic
 * predicates", ICNP 2013), so a set of ends is a set of bits. The diagram over source, destination and service is that
 * of Gouda and Liu ("Firewall design: consistency, completeness, and compactness", ICDCS 2004), with equal parts shared.
 *
 * Sources of rows are apart from each other, and so are the destinations of a row's cells; no two rows share their
 * cells and no two cells of a row their services. So equal sets have equal rows.
 */
export type PacketSet = readonly Row[];

export interface Row {
  readonly src: Bits;
  readonly to: Cells;
}

export interface Cells {
  readonly id: number;
  readonly cells: readonly Cell[];
}

interface Cell {
  readonly dst: Bits;
  readonly services: ServiceSet;
}

/** All packets from some ends to some by some services. */
export interface Box extends Cell {
  readonly src: Bits;
}

export const NOTHING: PacketSet = [];

/** The smallest pair of sides that holds a set: sets whose hulls do not meet share nothing. */
export type Hull = Pick<Box, 'src' | 'dst'>;

export function hullOf(set: PacketSet): Hull {
  let [src, dst] = [0n, 0n];
  for (const row of set) {
    src |= row.src;
    for (const cell of row.to.cells) dst |= cell.dst;
  }
  return { src, dst };
}

export const meet = (a: Hull, b: Hull): boolean => (a.src & b.src) !== 0n && (a.dst & b.dst) !== 0n;

/** The operations on sets of packets between the same classes. */
export interface PacketSpace {
  box(box: Box): PacketSet;
  union(a: PacketSet, b: PacketSet): PacketSet;
  intersection(a: PacketSet, b: PacketSet): PacketSet;
  difference(a: PacketSet, b: PacketSet): PacketSet;
  /** The same for what one source sends. */
  readonly cells: CellSpace;
  /** Whether two sets share a packet that somebody can send. */
  overlap(a: PacketSet, b: PacketSet): boolean;
  /** A set of rows whose sources are apart from each other. */
  join(rows: Iterable<Row>): PacketSet;
  /** The packets of a set as boxes apart from each other, without those that nobody can send. */
  boxes(set: PacketSet): Iterable<Box>;
  isEmpty(set: PacketSet): boolean;
}

/** Operations on what a source sends: to which destinations by which services. */
export interface CellSpace {
  readonly none: Cells;
  union(a: Cells, b: Cells): Cells;
  difference(a: Cells, b: Cells): Cells;
  /** To take from and add to, beginning with some. */
  changing(from: Cells): ChangingCells;
}

interface Operation {
  readonly id: number;
  readonly keepsLeft: boolean;
  readonly keepsRight: boolean;
  readonly services: (a: ServiceSet, b: ServiceSet) => ServiceSet;
}

/** @param single classes of one address: nobody sends packets to its own */
export function createPacketSpace(services: ServiceSpace, single: Bits): PacketSpace {
  const known = new Map<number, Cells[]>();
  const results = new Map<number, Cells>();
  let count = 0;

  function intern(found: ReadonlyMap<ServiceSet, Bits>): Cells {
    const cells = Array.from(found, ([set, dst]) => ({ dst, services: set }));
    if (cells.length > 1) cells.sort((a, b) => a.services.id - b.services.id);
    const alike = getOrAdd(known, hashOf(cells), () => []);
    let shared = alike.find((one) => areSame(one.cells, cells));
    if (!shared) {
      shared = { id: count++, cells };
      alike.push(shared);
    }
    return shared;
  }

  function combineCells(left: Cells, right: Cells, operation: Operation): Cells {
    const key = (left.id * 2 ** 24 + right.id) * 4 + operation.id;
    const known = results.get(key);
    if (known) return known;
    const found = new Map<ServiceSet, Bits>();
    const add = (dst: Bits, set: ServiceSet): void => {
      if (dst !== 0n && set !== services.none) found.set(set, (found.get(set) ?? 0n) | dst);
    };
    let unmet = right.cells.reduce((dst, cell) => dst | cell.dst, 0n);
    for (const a of left.cells) {
      let rest = a.dst;
      for (const b of right.cells) {
        const both = rest & b.dst;
        if (both === 0n) continue;
        add(both, operation.services(a.services, b.services));
        rest ^= both;
      }
      if (operation.keepsLeft) add(rest, a.services);
      unmet &= ~a.dst;
    }
    if (operation.keepsRight && unmet !== 0n) for (const b of right.cells) add(b.dst & unmet, b.services);
    const result = intern(found);
    results.set(key, result);
    return result;
  }

  function combine(left: PacketSet, right: PacketSet, operation: Operation): PacketSet {
    const rows = new Map<Cells, Bits>();
    const add = (src: Bits, to: Cells): void => {
      if (src !== 0n && to.cells.length > 0) rows.set(to, (rows.get(to) ?? 0n) | src);
    };
    let unmet = right.reduce((src, row) => src | row.src, 0n);
    for (const a of left) {
      let rest = a.src;
      for (const b of right) {
        const both = rest & b.src;
        if (both === 0n) continue;
        add(both, combineCells(a.to, b.to, operation));
        rest ^= both;
      }
      if (operation.keepsLeft) add(rest, a.to);
      unmet &= ~a.src;
    }
    if (operation.keepsRight && unmet !== 0n) for (const b of right) add(b.src & unmet, b.to);
    return Array.from(rows, ([to, src]) => ({ src, to }));
  }

  const union: Operation = { id: 0, keepsLeft: true, keepsRight: true, services: services.union };
  const intersection: Operation = { id: 1, keepsLeft: false, keepsRight: false, services: services.intersection };
  const difference: Operation = { id: 2, keepsLeft: true, keepsRight: false, services: services.difference };

  /** Whether the only packets would be of an address to itself. */
  const isIdle = (src: Bits, dst: Bits): boolean => src === dst && isSingle(src) && (src & single) !== 0n;

  function* boxes(set: PacketSet): Iterable<Box> {
    for (const { src, to } of set)
      for (const cell of to.cells)
        if (src !== cell.dst || !isSingle(src) || (src & single) === 0n) yield { src, ...cell };
  }

  return {
    box({ src, dst, services: set }) {
      if (src === 0n || dst === 0n || set === services.none) return NOTHING;
      return [{ src, to: intern(new Map([[set, dst]])) }];
    },
    union: (a, b) => combine(a, b, union),
    intersection: (a, b) => combine(a, b, intersection),
    difference: (a, b) => combine(a, b, difference),
    cells: {
      none: intern(new Map()),
      union: (a, b) => combineCells(a, b, union),
      difference: (a, b) => combineCells(a, b, difference),
      changing: (from) => createChangingCells({ services, intern }, from),
    },
    overlap: (a, b) =>
      a.some((left) =>
        b.some((right) => {
          const src = left.src & right.src;
          if (src === 0n) return false;
          return left.to.cells.some((one) =>
            right.to.cells.some((other) => {
              const dst = one.dst & other.dst;
              if (dst === 0n || isIdle(src, dst)) return false;
              return services.intersection(one.services, other.services) !== services.none;
            }),
          );
        }),
      ),
    join(rows) {
      const found = new Map<Cells, Bits>();
      for (const { src, to } of rows) if (to.cells.length > 0) found.set(to, (found.get(to) ?? 0n) | src);
      return Array.from(found, ([to, src]) => ({ src, to }));
    },
    boxes,
    isEmpty: (set) => boxes(set)[Symbol.iterator]().next().done === true,
  };
}

/** A prime that a division by is quick: sets as digits in a string would be as long as their largest number. */
const PRIME = 4_294_967_291n;

const hashOf = (cells: readonly Cell[]): number =>
  cells.reduce((hash, { dst, services }) => Math.imul(hash, 31) ^ services.id ^ Number(dst % PRIME), 0);

const areSame = (a: readonly Cell[], b: readonly Cell[]): boolean =>
  a.length === b.length && a.every(({ dst, services }, n) => services === b[n]!.services && dst === b[n]!.dst);
