import type { Block } from './address.ts';

/**
 * IPv4 ranges as numbers, for lists of a hundred thousand addresses: as BigInts in objects they take several times as long, which
 * holds up whatever else the process does. Range `n` is from `first[n]` to `last[n]`, both included.
 */
export interface Ipv4Ranges {
  readonly first: number[];
  readonly last: number[];
}

export const noRanges = (): Ipv4Ranges => ({ first: [], last: [] });

export function addRange({ first, last }: Ipv4Ranges, from: number, to: number): void {
  first.push(from);
  last.push(to);
}

/** An address times this many, and a place below it, is a number without loss (32 + 20 of 53 bits). */
const PLACES = 2 ** 20;

/** The same addresses in the fewest ranges, in order. */
export function uniteIpv4(ranges: Ipv4Ranges): Ipv4Ranges {
  const united = noRanges();
  const places = placesInOrder(ranges);
  let end = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < places.length; n++) {
    const first = ranges.first[places[n]!]!;
    const last = ranges.last[places[n]!]!;
    if (first > end + 1) addRange(united, first, last);
    else if (last > end) united.last[united.last.length - 1] = last;
    if (last > end) end = last;
  }
  return united;
}

/** Places by first address. */
function placesInOrder({ first }: Ipv4Ranges): ArrayLike<number> {
  if (first.length > PLACES) return first.map((_, place) => place).sort((a, b) => first[a]! - first[b]!);
  const keys = new Float64Array(first.length);
  for (let place = 0; place < first.length; place++) keys[place] = first[place]! * PLACES + place;
  keys.sort();
  const places = new Uint32Array(first.length);
  for (let n = 0; n < keys.length; n++) places[n] = keys[n]! - Math.floor(keys[n]! / PLACES) * PLACES;
  return places;
}

/** Addresses of `from` that are not in `without`, both united. */
export function subtractIpv4(from: Ipv4Ranges, without: Ipv4Ranges): Ipv4Ranges {
  const left = noRanges();
  let at = 0;
  for (let n = 0; n < from.first.length; n++) {
    const first = from.first[n]!;
    const last = from.last[n]!;
    while (at < without.first.length && without.last[at]! < first) at++;
    let begin = first;
    for (let i = at; i < without.first.length && without.first[i]! <= last; i++) {
      if (without.first[i]! > begin) addRange(left, begin, without.first[i]! - 1);
      begin = without.last[i]! + 1;
    }
    if (begin <= last) addRange(left, begin, last);
  }
  return left;
}

/** The fewest blocks that cover ranges, in order. */
export function ipv4Blocks({ first, last }: Ipv4Ranges): Block[] {
  const blocks: Block[] = [];
  for (let n = 0; n < first.length; n++) {
    const from = first[n]!;
    const to = last[n]!;
    for (let bits = from; bits <= to; ) {
      let size = 1;
      let prefix = 32;
      while (prefix > 0 && bits % (size * 2) === 0 && bits + size * 2 - 1 <= to) {
        size *= 2;
        prefix--;
      }
      blocks.push({ family: 4, bits: BigInt(bits), prefix });
      bits += size;
    }
  }
  return blocks;
}
