import type { Block } from '../address.ts';
import { type Bits, bit } from './bits.ts';
import type { Marks } from './classes.ts';
import { isHeldAt } from './end.ts';
import type { Endpoint, SetIndex } from './policy-index.ts';
import type { SliceInput } from './slice.ts';

interface Places {
  /** Of each policy's sets by their numbers. */
  readonly places: readonly ReadonlyMap<number, number>[];
  readonly placesOfEnds: readonly number[];
  /** Of those of the first policy's sets that the ground knows, by their places there. */
  readonly placesInGround: ReadonlyMap<number, number>;
}

/** Each set that a policy's rules name gets a place of its own, and so does each end. */
export function placeSets({ policies, ends = [] }: SliceInput): Places {
  let next = 0;
  const places = policies.map(({ rules }) => {
    const found = new Map<number, number>();
    for (const { from, to } of rules)
      for (const num of [...(from ?? []), ...(to ?? [])]) if (!found.has(num)) found.set(num, next++);
    return found;
  });
  const { ground } = policies[0]!.index;
  const placesInGround = new Map<number, number>();
  for (const [num, place] of places[0]!) {
    const there = ground.places.get(num);
    if (there !== undefined) placesInGround.set(there, place);
  }
  return { places, placesOfEnds: ends.map(() => next++), placesInGround };
}

/** Places of one kind as the set of where they are elsewhere; those that are not there are left out. */
export function moved(places: readonly number[], to: ReadonlyMap<number, number>): Bits {
  return places.reduce<Bits>((bits, from) => {
    const place = to.get(from);
    return place === undefined ? bits : bits | bit(place);
  }, 0n);
}

/** Blocks of the sets that the ground does not know. */
export function blocksByPlace(
  { policies, network, ends = [] }: SliceInput,
  places: Places['places'],
  placesOfEnds: readonly number[],
  known: ReadonlySet<number>,
): Block[][] {
  const blocks: Block[][] = [];
  for (const [i, { index }] of policies.entries())
    for (const [num, place] of places[i]!)
      blocks[place] = known.has(place) ? [] : blocksOf(index.sets.get(num), network);
  for (const [n, end] of ends.entries()) blocks[placesOfEnds[n]!] = [...end.blocks];
  return blocks;
}

function blocksOf(set: SetIndex | undefined, network: number): Block[] {
  return (set?.blocks ?? []).flatMap((some) => (some.network === null || some.network === network ? some.blocks : []));
}

export function heldAddresses({ policies, network }: SliceInput): ReadonlyMap<string, Endpoint> {
  const [first, ...others] = policies.map(({ index }) => index.networks.get(network)?.endpoints ?? new Map());
  return others.length === 0 ? first! : new Map([first!, ...others].flatMap((endpoints) => [...endpoints]));
}

export function marksOf(
  { policies, network, includes = () => true, ends = [] }: SliceInput,
  places: readonly ReadonlyMap<number, number>[],
  placesOfEnds: readonly number[],
): Map<string, Marks> {
  const marks = new Map<string, Marks>();
  for (const [i, { index }] of policies.entries()) {
    const tenantSets = new Map<Endpoint['owner'], number>();
    for (const [num, place] of places[i]!) {
      const tenant = index.sets.get(num)?.tenant ?? null;
      if (tenant !== null) tenantSets.set(tenant, place);
    }
    for (const endpoint of index.networks.get(network)?.endpoints.values() ?? []) {
      if (!includes(endpoint)) continue;
      const { sets = 0n, apart = '' } = marks.get(endpoint.address) ?? {};
      const named = [
        ...endpoint.sets.map((num) => places[i]!.get(num)),
        tenantSets.get(endpoint.owner),
        ...ends.map((end, n) => (isHeldAt(end, endpoint) ? placesOfEnds[n] : undefined)),
      ];
      marks.set(endpoint.address, {
        sets: named.reduce<Bits>((bits, place) => (place === undefined ? bits : bits | bit(place)), sets),
        apart: `${apart} ${i}=${endpoint.owner}${endpoint.quarantined ? '!' : ''}`,
      });
    }
  }
  return marks;
}
