import { addressToNumber, v4ToNumber } from '@hypervigil/model';
import { badRow } from '../errors.ts';
import { type FixedCells, Validity } from './cells.ts';

/** Both halves of a column of addresses. */
export interface AddressCells {
  readonly hi: FixedCells;
  readonly lo: FixedCells;
}

/** What stands above the 32 bits of IPv4 in the lower half (RFC 4291, 2.5.5.2). */
const MAPPED = 0xffff;

/**
 * Empty is no address.
 * @throws FlowStoreError `FLOWSTORE_BAD_ROW`
 */
export function addressCells<R>(rows: readonly R[], column: string, get: (row: R) => string): AddressCells {
  const valid = new Validity(rows.length);
  /** Words of 32 bits, the lower first. */
  const [hi, lo] = [new Uint32Array(rows.length * 2), new Uint32Array(rows.length * 2)];
  for (let row = 0; row < rows.length; row++) {
    const ip = get(rows[row]!);
    const v4 = v4ToNumber(ip);
    if (v4 !== null) {
      lo[row * 2] = v4;
      lo[row * 2 + 1] = MAPPED;
    } else if (ip === '') {
      valid.clear(row);
    } else {
      const whole = addressToNumber(ip);
      if (whole === null) throw badRow(column, ip);
      lo[row * 2] = wordOf(whole, 0n);
      lo[row * 2 + 1] = wordOf(whole, 32n);
      hi[row * 2] = wordOf(whole, 64n);
      hi[row * 2 + 1] = wordOf(whole, 96n);
    }
  }
  const half = ({ buffer }: Uint32Array<ArrayBuffer>): FixedCells => ({
    kind: 'fixed',
    width: 8,
    data: buffer,
    valid: valid.bits,
  });
  return { hi: half(hi), lo: half(lo) };
}

const wordOf = (value: bigint, shift: bigint): number => Number((value >> shift) & 0xffff_ffffn);
