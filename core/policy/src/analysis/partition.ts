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
  const regions: Region[] = [];
  /** The same by group of the ground, pattern and family: of tens of thousands of spans each asks. */
  const found = Array.from(alike, (): Region[] => []);
  for (const [place, { family, first, last, sets }] of finer.entries()) {
    const [from, to] = [placeAt(spans, family, first), placeAt(spans, family, last)];
    const pattern = patternOf[place]! * 2 + (family === 4 ? 0 : 1);
    for (let n = from; n <= to; n++) {
      const span = spans[n]!;
      const kind = kindOf[n]!;
      const inGroup = found[groups[kind]!]!;
      let region = inGroup[pattern];
      if (!region) {
        region = { family, sets: memberships[kind]! | sets, spans: [] };
        inGroup[pattern] = region;
        regions.push(region);
      }
      // Those between the two ends are whole.
      const isWhole = n > from && n < to;
      region.spans.push(isWhole ? span : { ...span, first: max(span.first, first), last: min(span.last, last) });
    }
  }
  return regions;
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
