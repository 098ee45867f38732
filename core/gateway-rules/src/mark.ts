/**
 * What a gateway writes into a connection's mark when it has judged it:
 *
 * ```
 *  31            21   20   19            0
 *  ┌───────────────┬──────┬───────────────┐
 *  │  generation   │ deny │     slot      │
 *  └───────────────┴──────┴───────────────┘
 * ```
 *
 * A ruleset trusts only marks of its own generation: every connection is judged anew with the first packet, in either
 * direction, after the rules changed. The slot stands for the rule, whose own number takes 32 bits.
 */
export interface ConnectionMark {
  readonly generation: number;
  readonly verdict: 'allow' | 'deny';
  readonly slot: number;
}

const SLOT_BITS = 20;
const DENY = 2 ** SLOT_BITS;
const GENERATION = 2 ** (SLOT_BITS + 1);

export const SLOTS = 2 ** SLOT_BITS;
/** Generations are 1 to this less one; 0 is a connection that nobody judged. */
export const GENERATIONS = 2 ** 11;

/** The bits of a mark that say of which generation and verdict it is. */
export const JUDGED_MASK = 0xffff_ffff - (DENY - 1);

export function encodeMark({ generation, verdict, slot }: ConnectionMark): number {
  if (!(generation >= 1 && generation < GENERATIONS)) throw new RangeError(`no generation ${generation}`);
  if (!(slot >= 0 && slot < SLOTS)) throw new RangeError(`no slot ${slot}`);
  return generation * GENERATION + (verdict === 'deny' ? DENY : 0) + slot;
}

/** Undefined when nobody judged the connection. */
export function decodeMark(mark: number): ConnectionMark | undefined {
  const generation = Math.floor(mark / GENERATION);
  if (generation === 0) return undefined;
  const verdict = Math.floor(mark / DENY) % 2 === 1 ? 'deny' : 'allow';
  return { generation, verdict, slot: mark % DENY };
}
