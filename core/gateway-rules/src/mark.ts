/**
 * What a gateway writes into a connection's mark when it has judged it:
 *
 * ```
 *    31   30        21   20   19            0
 *  ┌───────┬───────────┬──────┬───────────────┐
 *  │ ended │ generation│ deny │     slot      │
 *  └───────┴───────────┴──────┴───────────────┘
 * ```
 *
 * A ruleset trusts only marks of its own generation: every connection is judged anew with the first packet, in either
 * direction, after the rules changed. The slot stands for the rule, whose own number takes 32 bits. One that was ended for what
 * it turned out to be stays ended under every ruleset, until the mark is taken away: no packet slips through while rules change.
 */
export interface ConnectionMark {
  readonly generation: number;
  readonly verdict: 'allow' | 'deny';
  readonly slot: number;
  /** For what it turned out to be, by the rule that had let it through. */
  readonly ended?: boolean;
}

const SLOT_BITS = 20;
const DENY = 2 ** SLOT_BITS;
const GENERATION = 2 ** (SLOT_BITS + 1);
const GENERATION_BITS = 10;
export const ENDED = 2 ** 31;

export const SLOTS = 2 ** SLOT_BITS;
/** Generations are 1 to this less one; 0 is a connection that nobody judged. */
export const GENERATIONS = 2 ** GENERATION_BITS;

/** The bits of a mark that say of which generation and verdict it is. */
export const JUDGED_MASK = ENDED - DENY;

export function encodeMark({ generation, verdict, slot, ended }: ConnectionMark): number {
  if (!(generation >= 1 && generation < GENERATIONS)) throw new RangeError(`no generation ${generation}`);
  if (!(slot >= 0 && slot < SLOTS)) throw new RangeError(`no slot ${slot}`);
  return (ended ? ENDED : 0) + generation * GENERATION + (verdict === 'deny' ? DENY : 0) + slot;
}

/** Undefined when nobody judged the connection. */
export function decodeMark(mark: number): ConnectionMark | undefined {
  const generation = Math.floor(mark / GENERATION) % GENERATIONS;
  if (generation === 0) return undefined;
  const verdict = Math.floor(mark / DENY) % 2 === 1 ? 'deny' : 'allow';
  return { generation, verdict, slot: mark % DENY, ...(mark >= ENDED && { ended: true }) };
}
