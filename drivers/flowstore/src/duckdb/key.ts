import { ALPHABET, BASE, LENGTH_FACTOR, MAX_LENGTH } from '../rows/key.ts';

/** Of a key as text, of which the first digits are as good as all, its number. */
export const KEY_OF_TEXT = `CAST(list_reduce(
  list_transform(string_split(rpad(key, ${MAX_LENGTH}, 'A')[1:${MAX_LENGTH}], ''), lambda c: greatest(instr('${ALPHABET}', c) - 1, 0)::BIGINT),
  lambda sum, digit: sum * ${BASE} + digit) + ${MAX_LENGTH * LENGTH_FACTOR} AS BIGINT)`;
