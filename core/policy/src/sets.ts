import type { IntentSet } from '@hypervigil/model';
import { type Block, compareBlocks, formatBlock, mergeBlocks, parseBlock } from './address.ts';
import { compareText } from './order.ts';

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

export const memberKey = ({ network, cidr }: Member): string => (network === null ? cidr : `${network} ${cidr}`);

/** Networks first, then addresses in numerical order. */
export function sortMembers(members: readonly Member[]): Member[] {
  // Each address is read once: a set may have a hundred thousand.
  const read = members.map((member) => ({ member, block: parseBlock(member.cidr) }));
  return read.sort(compareMembers).map(({ member }) => member);
}

/** Of two members in that order, which comes first: below, above, or zero where they are the same. */
export function orderOf(a: Member, b: Member): number {
  if (a.cidr === b.cidr && a.network === b.network) return 0;
  const read = (member: Member): ReadMember => ({ member, block: parseBlock(member.cidr) });
  return compareMembers(read(a), read(b)) || compareText(a.cidr, b.cidr);
}

interface ReadMember {
  readonly member: Member;
  readonly block: Block | undefined;
}

function compareMembers(a: ReadMember, b: ReadMember): number {
  const byNetwork = (a.member.network ?? 0) - (b.member.network ?? 0);
  return byNetwork || (a.block && b.block ? compareBlocks(a.block, b.block) : 0);
}

/**
 * Members in order, without some and with others that may be there already. Costs by the change what is to be read, since a
 * set may have a hundred thousand.
 */
export function changeMembers(
  sorted: readonly Member[],
  { add, remove }: { readonly add: readonly Member[]; readonly remove: readonly Member[] },
): Member[] {
  const gone = new Set(remove.map(memberKey));
  const result = gone.size === 0 ? [...sorted] : sorted.filter((member) => !gone.has(memberKey(member)));
  if (add.length > result.length / FEW) {
    const known = new Set(result.map(memberKey));
    return sortMembers([...result, ...add.filter((member) => !known.has(memberKey(member)))]);
  }
  for (const member of add) {
    const place = placeOf(result, member);
    const there = result[place];
    if (there === undefined || memberKey(there) !== memberKey(member)) result.splice(place, 0, member);
  }
  return result;
}

/** So many times fewer than a set has are put in one by one. */
const FEW = 16;

/** Where a member is, or belongs. */
function placeOf(sorted: readonly Member[], member: Member): number {
  const block = parseBlock(member.cidr);
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const one = sorted[middle]!;
    if (compareMembers({ member: one, block: parseBlock(one.cidr) }, { member, block }) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
