import { z } from 'zod';
import { fnv1a } from './hash.ts';
import { LETTER_BITS, LETTERS, valueAt, withValueAt, zeros } from './letters.ts';

const REGISTERS = 1 << LETTER_BITS;
const SEED = 0x2545f491;
const ALPHA = 0.709;
/** Below this an empty register says more. */
const LINEAR = 2.5 * REGISTERS;
const MOST_ZEROS = 32 - LETTER_BITS;

/**
 * How many different things there were: HyperLogLog (Flajolet et al., AofA 2007) of 64 registers, a letter each; the standard
 * error is 13 %.
 */
export const Distinct = z.string().regex(LETTERS).length(REGISTERS);
export type Distinct = z.infer<typeof Distinct>;

export const beginDistinct = (): Distinct => zeros(REGISTERS);

/** The same with one more, which may have been there before. */
export function withOne(distinct: Distinct, what: string): Distinct {
  const hash = fnv1a(what, SEED);
  const at = hash % REGISTERS;
  const rank = Math.min(Math.clz32(hash), MOST_ZEROS) + 1;
  return rank <= valueAt(distinct, at) ? distinct : withValueAt(distinct, at, rank);
}

export function countOf(distinct: Distinct): number {
  let [sum, empty] = [0, 0];
  for (let at = 0; at < REGISTERS; at++) {
    const rank = valueAt(distinct, at);
    sum += 2 ** -rank;
    if (rank === 0) empty++;
  }
  const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
  return Math.round(raw <= LINEAR && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw);
}
