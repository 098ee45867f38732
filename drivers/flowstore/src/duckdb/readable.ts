import { WHOLE_ADDRESSES } from './column.ts';
import { OWNER_PARTS } from './owners.ts';

/** A table as questions see it: with addresses whole, and owners in their parts. */
export const readable = (table: string): string => `(SELECT *, ${OWNER_PARTS}, ${WHOLE_ADDRESSES} FROM ${table})`;
