import { badRow } from '../errors.ts';
import { type Column, i64 } from './column.ts';

/** Base64url (RFC 4648, 5), in which engines write keys. */
export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const DIGITS = new Map([...ALPHABET].map((char, digit) => [char.charCodeAt(0), digit]));
export const MAX_LENGTH = 8;
export const BASE = 64;
export const LENGTH_FACTOR = BASE ** MAX_LENGTH;

/** A key is a number, its digits after its length: as text it would be nearly a third of what a flow takes on disk. */
export const keyColumn = <R extends { readonly key: string }>(): Column<R> => i64('key', ({ key }) => keyToNumber(key));

function keyToNumber(key: string): number {
  if (key.length < 1 || key.length > MAX_LENGTH) throw badRow('key', key);
  let sum = 0;
  for (let at = 0; at < key.length; at++) {
    const digit = DIGITS.get(key.charCodeAt(at));
    if (digit === undefined) throw badRow('key', key);
    sum = sum * BASE + digit;
  }
  return key.length * LENGTH_FACTOR + sum;
}

export function numberToKey(number: number): string {
  const length = Math.floor(number / LENGTH_FACTOR);
  let rest = number % LENGTH_FACTOR;
  let key = '';
  for (let at = 0; at < length; at++) {
    key = ALPHABET[rest % BASE]! + key;
    rest = Math.floor(rest / BASE);
  }
  return key;
}
