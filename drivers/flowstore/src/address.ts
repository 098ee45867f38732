import { type AddressRange, parseAddressRange } from '@hypervigil/model';
import { FlowStoreError } from './errors.ts';

/** @throws FlowStoreError `FLOWSTORE_BAD_FILTER` */
export function requireAddressRange(text: string): AddressRange {
  const range = parseAddressRange(text);
  if (range !== null) return range;
  throw new FlowStoreError('FLOWSTORE_BAD_FILTER', `"${text}" is not an address, a prefix or the beginning of one.`);
}
