import { ipv4Number, parseBlock } from './address.ts';
import { type AddressList, addressRanges } from './address-list.ts';
import { isWithin } from './ranges.ts';

/** Whether an address is in a list; text that is no address is in none. */
export type AddressLookup = (address: string) => boolean;

/**
 * Answers as `inAddressSet` does, for lists of a hundred thousand entries and an address of every flow: ranges in order, of which
 * half are left out at each step. Takes about 16 bytes for an IPv4 range.
 */
export function createAddressLookup(list: AddressList): AddressLookup {
  const { four, six } = addressRanges(list);
  const [first, last] = [Float64Array.from(four.first), Float64Array.from(four.last)];
  return (text) => {
    const number = ipv4Number(text);
    if (number !== undefined) return number <= last[placeOf(first, number)]!;
    const block = six.length === 0 ? undefined : parseBlock(text);
    return block?.family === 6 && isWithin(six, 6, block.bits);
  };
}

/** Of the last that is not above a number; -1 when all are. */
function placeOf(sorted: Float64Array, number: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= number) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
