import {
  ct,
  type Direction,
  directed,
  equals,
  match,
  type NftCommand,
  type NftExpression,
  type NftStatement,
} from '@hypervigil/nft';
import { type Block, formatBlock, mergeBlocks } from '@hypervigil/policy';
import { addSet } from './table.ts';

type Family = 4 | 6;

/** One end of a connection: anybody (null), or whose address is, or is not, in the sets of its family. */
export type Side = null | {
  readonly sets: { readonly [F in Family]: string | null };
  readonly isNot?: boolean;
};

/** Named sets, one for each distinct list of blocks, and the matches that look into them. */
export function createAddressSets() {
  const known = new Map<string, NonNullable<Side>>();
  const commands: NftCommand[] = [];

  function named(blocks: readonly Block[], family: Family): string | null {
    const elem = blocks.filter((block) => block.family === family).map(element);
    if (elem.length === 0) return null;
    const name = `addresses_${known.size}_v${family}`;
    commands.push(addSet({ name, type: `ipv${family}_addr`, flags: ['interval'], elem }));
    return name;
  }

  return {
    commands: (): readonly NftCommand[] => commands,
    side(blocks: readonly Block[]): NonNullable<Side> {
      const merged = mergeBlocks(blocks);
      const key = merged.map(formatBlock).join(' ');
      const found = known.get(key) ?? { sets: { 4: named(merged, 4), 6: named(merged, 6) } };
      known.set(key, found);
      return found;
    },
    /**
     * The ways in which a connection meets all of these pairs of ends; of one family when any of them names addresses.
     * @param opened in which of its directions the connection was opened
     */
    matches(pairs: readonly (readonly [Side, Side])[], family: Family | null, opened: Direction): NftStatement[][] {
      const anybody = pairs.every(([from, to]) => from === null && to === null);
      if (anybody && family === null) return [[]];
      return (family === null ? ([4, 6] as const) : [family]).flatMap((of) => {
        const parts = pairs.flatMap(([from, to]) => [isIn(from, 'saddr', of, opened), isIn(to, 'daddr', of, opened)]);
        return parts.includes('never') ? [] : [[isFamily(of), ...parts.flatMap((part) => part as NftStatement[])]];
      });
    },
  };
}

const isFamily = (family: Family): NftStatement => equals(ct('l3proto'), `ipv${family}`);

function isIn(side: Side, end: 'saddr' | 'daddr', family: Family, opened: Direction): NftStatement[] | 'never' {
  if (side === null) return [];
  const set = side.sets[family];
  if (set === null) return side.isNot ? [] : 'never';
  return [match(side.isNot ? '!=' : '==', directed(`${family === 4 ? 'ip' : 'ip6'} ${end}`, opened), `@${set}`)];
}

function element(block: Block): NftExpression {
  const [addr = '', len] = formatBlock(block).split('/');
  return len === undefined ? addr : { prefix: { addr, len: Number(len) } };
}
