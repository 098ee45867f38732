import { type Block, compareBlocks, formatBlock, mergeBlocks, parseBlock, widthOf } from '../address.ts';

/** Whether a block holds an address that a VM has. */
export type IsTaken = (block: Block) => boolean;

/** Prefixes that people give out networks by. */
const LADDER = { 4: [24, 16, 8], 6: [64, 48, 32] } as const;
/** So many neighbours that were seen stand for all of their block; fewer do, where the list would be too long. */
const NEIGHBOURS = [3, 2, 1] as const;
const ENOUGH = 64;

/**
 * Blocks for addresses outside of the cloud that were seen: neighbours become the block that they share, unless a VM has an
 * address in it. In order, none within another.
 */
export function outsideBlocks(addresses: readonly string[], isTaken: IsTaken): string[] {
  let blocks = mergeBlocks(addresses.flatMap((text) => parseBlock(text) ?? []));
  for (const neighbours of NEIGHBOURS) {
    for (const step of [0, 1, 2]) blocks = climbed(blocks, step, neighbours, isTaken);
    if (blocks.length <= ENOUGH) break;
  }
  return blocks.map(formatBlock);
}

function climbed(blocks: readonly Block[], step: number, neighbours: number, isTaken: IsTaken): Block[] {
  const parents = Map.groupBy(blocks, (block) => formatBlock(parentOf(block, step)));
  const next = [...parents.values()].flatMap((children) => {
    const parent = parentOf(children[0]!, step);
    return children.length >= neighbours && !isTaken(parent) ? [parent] : children;
  });
  return mergeBlocks(next);
}

function parentOf({ family, bits, prefix }: Block, step: number): Block {
  const shorter = Math.min(prefix, LADDER[family][step]!);
  const host = BigInt(widthOf(family) - shorter);
  return { family, bits: (bits >> host) << host, prefix: shorter };
}

/** Looks blocks up in the addresses of all VMs, wherever they are. */
export function takenBy(addresses: Iterable<string>): IsTaken {
  const found = [...new Set(addresses)].flatMap((text) => parseBlock(text) ?? []).sort(compareBlocks);
  return ({ family, bits, prefix }) => {
    const last = bits + (1n << BigInt(widthOf(family) - prefix)) - 1n;
    let [low, high] = [0, found.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { family: other, bits: at } = found[middle]!;
      if (other < family || (other === family && at < bits)) low = middle + 1;
      else high = middle;
    }
    const next = found[low];
    return next !== undefined && next.family === family && next.bits <= last;
  };
}
