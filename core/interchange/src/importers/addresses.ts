import { type Block, formatBlock, parseBlock, widthOf } from '@hypervigil/policy';

/** Addresses from `first` to `last`, both within. */
interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** A set of addresses: ranges that neither touch nor overlap, in order. */
export type Addresses = readonly Range[];

const all = (family: 4 | 6): Addresses => [{ family, first: 0n, last: (1n << BigInt(widthOf(family))) - 1n }];
export const EVERY4 = all(4);
export const EVERY6 = all(6);

/** What a block (`10.0.0.0/8`, `10.0.0.7`) or a range (`10.0.0.1-10.0.0.9`) covers; undefined when it is neither. */
export function addressesOf(text: string): Addresses | undefined {
  const [from = '', to, ...more] = text.split('-').map((part) => part.trim());
  const first = blockRange(from);
  const last = to === undefined ? first : blockRange(to);
  if (!first || !last || more.length > 0 || first.family !== last.family || first.first > last.last) return undefined;
  return [{ family: first.family, first: first.first, last: last.last }];
}

function blockRange(text: string): Range | undefined {
  const block = parseBlock(withPrefix(text));
  if (block === undefined) return undefined;
  const size = 1n << BigInt(widthOf(block.family) - block.prefix);
  return { family: block.family, first: block.bits, last: block.bits + size - 1n };
}

/** `10.0.0.0/255.0.0.0`, as older tools write it, is `10.0.0.0/8`. */
function withPrefix(text: string): string {
  const [address = '', mask = ''] = text.split('/');
  if (!mask.includes('.')) return text;
  const bits = parseBlock(mask)?.bits.toString(2).padStart(32, '0') ?? '';
  return /^1*0*$/.test(bits) ? `${address}/${bits.lastIndexOf('1') + 1}` : '';
}

export function union(sets: readonly Addresses[]): Addresses {
  const merged: Range[] = [];
  for (const range of sets.flat().sort(compare)) {
    const last = merged.at(-1);
    if (last && last.family === range.family && range.first <= last.last + 1n)
      merged[merged.length - 1] = { ...last, last: larger(range.last, last.last) };
    else merged.push(range);
  }
  return merged;
}

/** Both sets in step, for each is in order: sets of address lists are long. */
export function intersection(a: Addresses, b: Addresses): Addresses {
  const common: Range[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [one, other] = [a[i]!, b[j]!];
    if (one.family === other.family) {
      const first = larger(one.first, other.first);
      const last = one.last + other.last - larger(one.last, other.last);
      if (first <= last) common.push({ family: one.family, first, last });
      if (one.last < other.last) i++;
      else j++;
    } else if (one.family < other.family) i++;
    else j++;
  }
  return common;
}

export function difference(a: Addresses, b: Addresses): Addresses {
  return intersection(a, complement(b));
}

function complement(set: Addresses): Addresses {
  return [EVERY4, EVERY6].flatMap(([whole]) => {
    const gaps: Range[] = [];
    let next = 0n;
    for (const range of set.filter(({ family }) => family === whole!.family)) {
      if (range.first > next) gaps.push({ ...range, first: next, last: range.first - 1n });
      next = range.last + 1n;
    }
    return next <= whole!.last ? [...gaps, { ...whole!, first: next }] : gaps;
  });
}

export const equal = (a: Addresses, b: Addresses): boolean =>
  a.length === b.length &&
  a.every((one, i) => one.family === b[i]!.family && one.first === b[i]!.first && one.last === b[i]!.last);

/** The fewest blocks that are exactly these addresses. */
export function blocksOf(set: Addresses): string[] {
  return set.flatMap(({ family, first, last }) => {
    const blocks: Block[] = [];
    const width = widthOf(family);
    for (let at = first; at <= last; ) {
      let host = 0;
      while (host < width && fits(at, host + 1, last)) host++;
      blocks.push({ family, bits: at, prefix: width - host });
      at += 1n << BigInt(host);
    }
    return blocks.map(formatBlock);
  });
}

const fits = (at: bigint, host: number, last: bigint) => {
  const size = 1n << BigInt(host);
  return at % size === 0n && at + size - 1n <= last;
};

function compare(a: Range, b: Range): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.first < b.first ? -1 : a.first > b.first ? 1 : 0;
}

/** Math.max does not take a bigint. */
function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}
