import type { IntentSet } from '@hypervigil/model';
import { compareAddresses, formatBlock, mergeBlocks, parseBlock } from './address.ts';

type Member = IntentSet['members'][number];

/**
 * Set numbers follow from the numbers of what they stand for, so that a set keeps its number for as long as its
 * group, tenant or rule lives, in every document and on every host. The two low bits tell the kinds apart.
 */
export const setNum = {
  group: (num: number): number => checked(num * 4 + 1),
  tenant: (num: number): number => checked(num * 4 + 2),
  cidrs: (ruleNum: number, side: 'from' | 'to'): number => checked((ruleNum * 2 + (side === 'from' ? 0 : 1)) * 4 + 3),
} as const;

function checked(num: number): number {
  if (num > 0xffff_ffff)
    throw new RangeError(`set number ${num} needs more than 32 bits: a rule's number is too large`);
  return num;
}

/** A set of address blocks wherever they are met: the fewest blocks, in order. */
export function cidrSet(num: number, cidrs: readonly string[]): IntentSet {
  const blocks = cidrs.flatMap((text) => parseBlock(text) ?? []);
  const members = mergeBlocks(blocks).map((block) => ({ network: null, cidr: formatBlock(block) }));
  return { num, tenant: null, members };
}

export const memberKey = ({ network, cidr }: Member): string => `${network ?? '*'} ${cidr}`;

/** Networks first, then addresses in numerical order. */
export function compareMembers(a: Member, b: Member): number {
  return (a.network ?? 0) - (b.network ?? 0) || compareAddresses(a.cidr, b.cidr);
}
