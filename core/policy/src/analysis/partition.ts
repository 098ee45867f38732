import { type Block, mergeBlocks, widthOf } from '../address.ts';
import { type Bits, bit } from './bits.ts';
import type { Family } from './service-set.ts';

/** Addresses next to each other that are in the same sets. */
export interface Span {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
  /** Which of the sets, by their places. */
  readonly sets: Bits;
}

/** All addresses of both families in order, cut wherever one of the sets begins or ends. */
export function partition(sets: readonly (readonly Block[])[]): Span[] {
  const cuts = sets.flatMap((blocks, place) =>
    mergeBlocks(blocks).flatMap(({ family, bits, prefix }) => {
      const end = bits + (1n << BigInt(widthOf(family) - prefix));
      return [bits, end].map((at) => ({ family, at, toggles: bit(place) }));
    }),
  );
  return ([4, 6] as const).flatMap((family) =>
    cutFamily(
      family,
      cuts.filter((cut) => cut.family === family),
    ),
  );
}

function cutFamily(family: Family, cuts: { at: bigint; toggles: Bits }[]): Span[] {
  cuts.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const spans: Span[] = [];
  let [first, within] = [0n, 0n];
  for (const { at, toggles } of [...cuts, { at: 1n << BigInt(widthOf(family)), toggles: 0n }]) {
    if (at > first) spans.push({ family, first, last: at - 1n, sets: within });
    first = at;
    within ^= toggles;
  }
  return spans;
}

/** The span of an address, among spans that hold every address. */
export function spanAt(spans: readonly Span[], family: Family, address: bigint): Span {
  let [low, high] = [0, spans.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const { family: other, first } = spans[middle]!;
    if (other < family || (other === family && first <= address)) low = middle;
    else high = middle - 1;
  }
  const span = spans[low];
  if (!span) throw new RangeError('spans that hold every address are not empty');
  return span;
}
