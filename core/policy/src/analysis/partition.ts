import { type Block, type Family, mergeBlocks, widthOf } from '../address.ts';
import { getOrAdd } from '../maps.ts';
import { type Bits, bit, numbersIn } from './bits.ts';

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

/** The place of an address's span, among spans that hold every address. */
export function placeAt(spans: readonly Span[], family: Family, address: bigint): number {
  let [low, high] = [0, spans.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const { family: other, first } = spans[middle]!;
    if (other < family || (other === family && first <= address)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A partition that many finer ones begin with. */
export interface Ground {
  readonly spans: readonly Span[];
  /** Of each span which of {@link kinds} it is. */
  readonly kindOf: readonly number[];
  /** The different memberships of the spans: which sets, by their places. */
  readonly kinds: readonly (readonly number[])[];
}

export function createGround(sets: readonly (readonly Block[])[]): Ground {
  const spans = partition(sets);
  const numbers = new Map<string, number>();
  const kinds: number[][] = [];
  const kindOf = spans.map((span) =>
    getOrAdd(numbers, span.sets.toString(16), () => kinds.push(numbersIn(span.sets)) - 1),
  );
  return { spans, kindOf, kinds };
}

/** Spans of one family that are in the same sets. */
export interface Region {
  readonly family: Family;
  readonly sets: Bits;
  readonly spans: Span[];
}

/**
 * The regions of a ground and a finer partition together.
 * @param memberships of each kind of the ground, in the places of the finer partition
 */
export function regionsOf({ spans, kindOf }: Ground, memberships: readonly Bits[], finer: readonly Span[]): Region[] {
  const alike = new Map<string, number>();
  const groups = memberships.map((sets) => getOrAdd(alike, sets.toString(16), () => alike.size));
  const patterns = new Map<string, number>();
  const patternOf = finer.map(({ sets }) => getOrAdd(patterns, sets.toString(16), () => patterns.size));
  const regions = new Map<number, Region>();
  let at = 0;
  for (const [n, span] of spans.entries()) {
    while (finer[at]!.family < span.family || finer[at]!.last < span.first) at++;
    for (let place = at; place < finer.length; place++) {
      const other = finer[place]!;
      if (other.family !== span.family || other.first > span.last) break;
      const isWhole = other.first <= span.first && span.last <= other.last;
      const key = (groups[kindOf[n]!]! * patterns.size + patternOf[place]!) * 2 + (span.family === 4 ? 0 : 1);
      const sets = memberships[kindOf[n]!]! | other.sets;
      getOrAdd(regions, key, () => ({ family: span.family, sets, spans: [] })).spans.push(
        isWhole ? span : { ...span, first: max(span.first, other.first), last: min(span.last, other.last) },
      );
    }
  }
  return [...regions.values()];
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
