import type { IntentSet } from '@hypervigil/model';
import { type Block, compareBlocks, formatBlock, mergeBlocks, parseBlock } from './address.ts';

type Member = IntentSet['members'][number];

/**
 * Set numbers follow from the numbers of what they stand for, so that a set keeps its number for as long as its
 * group, tenant or rule lives, in every document and on every host. The two low bits tell the kinds apart.
 */
export const setNum = {
  addressSet: (num: number): number => checked(num * 4),
  group: (num: number): number => checked(num * 4 + 1),
  tenant: (num: number): number => checked(num * 4 + 2),
  cidrs: (ruleNum: number, side: 'from' | 'to'): number => checked((ruleNum * 2 + (side === 'from' ? 0 : 1)) * 4 + 3),
} as const;

function checked(num: number): number {
  if (num > 0xffff_ffff)
    throw new RangeError(`set number ${num} needs more than 32 bits: the number that it follows from is too large`);
  return num;
}

/** A set of address blocks wherever they are met: the fewest blocks, in order. */
export function cidrSet(num: number, cidrs: readonly string[]): IntentSet {
  return blockSet(num, mergeBlocks(cidrs.flatMap((text) => parseBlock(text) ?? [])));
}

/** @param blocks in order, none within another */
export function blockSet(num: number, blocks: readonly Block[]): IntentSet {
  return { num, tenant: null, members: blocks.map((block) => ({ network: null, cidr: formatBlock(block) })) };
}

export const memberKey = ({ network, cidr }: Member): string => `${network ?? '*'} ${cidr}`;

/** Networks first, then addresses in numerical order. */
export function sortMembers(members: readonly Member[]): Member[] {
  // Each address is read once: a set may have a hundred thousand.
  const read = members.map((member) => ({ member, block: parseBlock(member.cidr) }));
  read.sort((a, b) => {
    const byNetwork = (a.member.network ?? 0) - (b.member.network ?? 0);
    return byNetwork || (a.block && b.block ? compareBlocks(a.block, b.block) : 0);
  });
  return read.map(({ member }) => member);
}
