import { OWNER_PARTS } from './owners.ts';

/** Each address as one number beside its halves: made of those that are looked at, when they are. */
const WHOLE_ADDRESSES = ['src', 'dst']
  .map((end) => `CAST(${end}_ip_hi AS UHUGEINT) * 18446744073709551616 + ${end}_ip_lo AS ${end}_ip`)
  .join(', ');

/** A table as questions see it: with addresses whole, and owners in their parts. */
export const readable = (table: string): string => `(SELECT *, ${OWNER_PARTS}, ${WHOLE_ADDRESSES} FROM ${table})`;
