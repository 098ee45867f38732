import { type Block, type Family, parseBlock, widthOf } from './address.ts';

/** Addresses next to each other, both ends included. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

export function rangeOf({ family, bits, prefix }: Block): AddressRange {
  if (prefix === widthOf(family)) return { family, first: bits, last: bits };
  return { family, first: bits, last: bits | ((1n << BigInt(widthOf(family) - prefix)) - 1n) };
}

/**
 * Reads `10.0.0.7`, `10.0.0.0/8` or `10.0.0.5-10.0.0.9`, and the same in IPv6.
 * @returns the reason when it is none of them
 */
export function parseRange(text: string): AddressRange | 'no-address' | 'backwards' | 'two-families' {
  const dash = text.indexOf('-');
  const begin = parseBlock((dash < 0 ? text : text.slice(0, dash)).trim());
  const end = dash < 0 ? begin : parseBlock(text.slice(dash + 1).trim());
  if (!begin || !end) return 'no-address';
  if (dash < 0) return rangeOf(begin);
  if ([begin, end].some(({ family, prefix }) => prefix !== widthOf(family))) return 'no-address';
  if (begin.family !== end.family) return 'two-families';
  return begin.bits > end.bits ? 'backwards' : { family: begin.family, first: begin.bits, last: end.bits };
}

/** The same addresses in the fewest ranges, in order: IPv4 first, and a gap between any two. */
export function uniteRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const united: AddressRange[] = [];
  for (const range of ranges.toSorted(compareRanges)) {
    const last = united.at(-1);
    if (!last || last.family !== range.family || range.first > last.last + 1n) united.push(range);
    else if (range.last > last.last) united[united.length - 1] = { ...last, last: range.last };
  }
  return united;
}

/** Addresses of `from` that are not in `without`. Takes united ranges, returns such. */
export function subtractRanges(from: readonly AddressRange[], without: readonly AddressRange[]): AddressRange[] {
  const left: AddressRange[] = [];
  let at = 0;
  for (const { family, first, last } of from) {
    while (at < without.length && isBefore(without[at]!, family, first)) at++;
    let begin = first;
    for (let i = at; i < without.length; i++) {
      const hole = without[i]!;
      if (hole.family !== family || hole.first > last) break;
      if (hole.first > begin) left.push({ family, first: begin, last: hole.first - 1n });
      begin = hole.last + 1n;
    }
    if (begin <= last) left.push({ family, first: begin, last });
  }
  return left;
}

/** The fewest blocks that cover a range: from its begin, each as large as its place and the range allow. */
export function blocksOf({ family, first, last }: AddressRange): Block[] {
  const width = widthOf(family);
  if (first === last) return [{ family, bits: first, prefix: width }];
  const blocks: Block[] = [];
  for (let bits = first; bits <= last; ) {
    let host = 0;
    while (host < width && (bits & (1n << BigInt(host))) === 0n && bits + (2n << BigInt(host)) - 1n <= last) host++;
    blocks.push({ family, bits, prefix: width - host });
    bits += 1n << BigInt(host);
  }
  return blocks;
}

/** Whether an address is in one of united ranges. */
export function isWithin(ranges: readonly AddressRange[], family: Family, address: bigint): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle]!;
    if (isBefore(range, family, address)) low = middle + 1;
    else if (range.family > family || range.first > address) high = middle - 1;
    else return true;
  }
  return false;
}

/** How many blocks {@link blocksOf} makes of a range, without making them. */
export function blockCount({ first, last }: AddressRange): number {
  if (first === last) return 1;
  // Where its ends first differ is a border that every block keeps to: up to it and on from it, each bit of the distance is a block.
  const half = 1n << BigInt((first ^ last).toString(2).length - 1);
  const border = last & -half;
  const [below, above] = [border - first, last + 1n - border];
  return below === half && above === half ? 1 : ones(below) + ones(above);
}

const ones = (bits: bigint): number => bits.toString(2).replaceAll('0', '').length;

function compareRanges(a: AddressRange, b: AddressRange): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.first < b.first ? -1 : a.first > b.first ? 1 : 0;
}

const isBefore = (range: AddressRange, family: Family, first: bigint): boolean =>
  range.family < family || (range.family === family && range.last < first);
