import { setBits } from './actions.ts';
import { cookie, type FlowSpec, flow } from './flow.ts';
import { bits, type Match } from './match.ts';
import type { MemberMatches } from './member-matches.ts';
import { MEMBER_OF, REG } from './registers.ts';
import type { FlowStore } from './store.ts';

/**
 * Sets with many addresses. Each packet learns once in which of them its ends are, as a bit of a register for each set, and
 * rules ask for the bit. So a rule that names such a set costs two flows instead of two for each member, and a member two
 * flows, however many rules name its sets. There are as many bits as {@link MEMBER_OF} says.
 */
export interface LargeSets {
  /** Of a set that has one. */
  bitOf(set: number): number | undefined;
  /** Gives a set a bit, or takes it back; its addresses come and go by the two below. */
  assign(set: number, bit: number | undefined): void;
  add(address: MemberMatches, bit: number): void;
  remove(address: MemberMatches, bit: number): void;
  /** Set → bit. */
  bits(): ReadonlyMap<number, number>;
  freeBits(): number[];
}

export function createLargeSets(store: FlowStore): LargeSets {
  const assigned = new Map<number, number>();
  /** By an address's match, the bits of the sets that it is in. */
  const masks = new Map<string, number>();

  function change(address: MemberMatches, toMask: (mask: number) => number): void {
    const key = JSON.stringify(address.src);
    const before = masks.get(key) ?? 0;
    const after = toMask(before);
    for (const one of lookupFlows(address, before)) store.release(one);
    for (const one of lookupFlows(address, after)) store.add(one);
    if (after === 0) masks.delete(key);
    else masks.set(key, after);
  }

  return {
    bitOf: (set) => assigned.get(set),
    assign(set, bit) {
      if (bit === undefined) assigned.delete(set);
      else assigned.set(set, bit);
    },
    add: (address, bit) => change(address, (mask) => mask | (1 << bit)),
    remove: (address, bit) => change(address, (mask) => mask & ~(1 << bit)),
    bits: () => assigned,
    freeBits() {
      const taken = new Set(assigned.values());
      return Array.from({ length: MEMBER_OF.sets }, (_, bit) => bit).filter((bit) => !taken.has(bit));
    },
  };
}

/** What tells a packet with this address at an end in which sets that is. */
function lookupFlows({ src, dst }: MemberMatches, mask: number): FlowSpec[] {
  if (mask === 0) return [];
  const learn = (end: 'source' | 'destination') => setBits(REG.mirror, BigInt(mask) << BigInt(MEMBER_OF[end]));
  return [
    ...src.map((match) => flow('sourceSets', 10, match, learn('source'), cookie('set'))),
    ...dst.map((match) => flow('destinationSets', 10, match, learn('destination'), cookie('set'))),
  ];
}

/** What matches members of a set at either end of a packet. */
export const bitMatch = (end: 'source' | 'destination', bit: number): Match => ({
  [REG.mirror]: bits(1n << BigInt(MEMBER_OF[end] + bit)),
});
