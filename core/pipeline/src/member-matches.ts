import type { IntentSet } from '@hypervigil/model';
import { formatBlock, parseBlock, widthOf } from '@hypervigil/policy';
import type { Match } from './match.ts';
import { REG } from './registers.ts';

export type Member = IntentSet['members'][number];

/** What matches a set's member at either end of a packet. */
export interface MemberMatches extends Readonly<Record<'src' | 'dst', readonly Match[]>> {
  /** It is one address on its network: blocks may overlap. */
  readonly isAddress: boolean;
}

export function memberMatches({ network, cidr }: Member): MemberMatches {
  const block = parseBlock(cidr);
  if (!block) return { src: [], dst: [], isAddress: false };
  // Two halves instead of "any address", so that source and destination of a rule never are the same match.
  const halves =
    block.prefix > 0
      ? [block]
      : [0n, 1n].map((bit) => ({ ...block, prefix: 1, bits: bit << (block.family === 4 ? 31n : 127n) }));
  const texts = halves.map((half) => ({ isIpv4: half.family === 4, text: formatBlock(half) }));
  const at = (end: 'src' | 'dst') =>
    texts.map(({ isIpv4, text }) => ({
      word: isIpv4 ? 'ip' : 'ipv6',
      [isIpv4 ? `nw_${end}` : `ipv6_${end}`]: text,
      ...(network === null ? {} : { [REG.network]: network }),
    }));
  const isAddress = network !== null && block.prefix === widthOf(block.family);
  return { src: at('src'), dst: at('dst'), isAddress };
}
