import type { FieldMistake, Mistake } from '@hypervigil/model';
import { type Block, contains, ipv4Number, parseBlock } from './address.ts';
import { addRange, type Ipv4Ranges, ipv4Blocks, noRanges, subtractIpv4, uniteIpv4 } from './ipv4-ranges.ts';
import { type AddressRange, blocksOf, parseRange, subtractRanges, uniteRanges } from './ranges.ts';

/** Addresses as people write them: those of `entries` but those of `excluded`. */
export interface AddressList {
  readonly entries: readonly string[];
  readonly excluded: readonly string[];
}

/** Whether an address is in a list: the definition that {@link addressBlocks} is held against. */
export function inAddressSet({ entries, excluded }: AddressList, address: string): boolean {
  const point = parseBlock(address);
  const has = (some: readonly string[]) => some.some((text) => point !== undefined && isIn(text, point));
  return has(entries) && !has(excluded);
}

function isIn(text: string, point: Block): boolean {
  const dash = text.indexOf('-');
  const [begin, end] = [parseBlock(text.slice(0, dash).trim()), parseBlock(text.slice(dash + 1).trim())];
  if (dash < 0) return end !== undefined && contains(end, point);
  if (!begin || begin.family !== point.family || end?.family !== point.family) return false;
  return begin.bits <= point.bits && point.bits <= end.bits;
}

/** The fewest blocks that cover exactly the addresses of a list, in order. Text that is no entry adds nothing. */
export function addressBlocks(list: AddressList): Block[] {
  const { four, six } = addressRanges(list);
  return [...ipv4Blocks(four), ...six.flatMap(blocksOf)];
}

/** Of both families, united. */
interface Ranges {
  readonly four: Ipv4Ranges;
  readonly six: readonly AddressRange[];
}

/** The fewest ranges that cover exactly the addresses of a list. */
export function addressRanges({ entries, excluded }: AddressList): Ranges {
  const [some, but] = [rangesOf(entries), rangesOf(excluded)];
  return {
    four: subtractIpv4(uniteIpv4(some.four), uniteIpv4(but.four)),
    six: subtractRanges(uniteRanges(some.six), uniteRanges(but.six)),
  };
}

function rangesOf(texts: readonly string[]): Ranges {
  const four = noRanges();
  const six: AddressRange[] = [];
  for (const text of texts) {
    const address = ipv4Number(text);
    const range = address === undefined ? parseRange(text) : undefined;
    if (address !== undefined) addRange(four, address, address);
    else if (typeof range !== 'object') continue;
    else if (range.family === 4) addRange(four, Number(range.first), Number(range.last));
    else six.push(range);
  }
  return { four, six };
}

const MISTAKES = {
  'no-address': { code: 'wrong-format', params: { format: 'address-entry' } },
  backwards: { code: 'range-backwards', params: {} },
  'two-families': { code: 'range-of-two-families', params: {} },
} as const satisfies Record<string, Mistake>;

/** What is wrong with one entry; undefined when nothing is. */
export function entryMistake(text: string): Mistake | undefined {
  const range = parseRange(text);
  return typeof range === 'string' ? MISTAKES[range] : undefined;
}

/** The entries that are none, as `entries.N` and `excluded.N`; at most `limit` of them. */
export function listMistakes({ entries, excluded }: AddressList, limit: number): FieldMistake[] {
  const found: FieldMistake[] = [];
  for (const [name, texts] of [['entries', entries] as const, ['excluded', excluded] as const])
    for (const [i, text] of texts.entries()) {
      if (found.length === limit) return found;
      const mistake = entryMistake(text);
      if (mistake) found.push({ field: `${name}.${i}`, ...mistake });
    }
  return found;
}
