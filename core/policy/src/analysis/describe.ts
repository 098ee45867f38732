import type { Id } from '@hypervigil/model';
import { type Block, formatBlock, widthOf } from '../address.ts';
import { type Bits, numbersIn } from './bits.ts';
import type { Box } from './packet-set.ts';
import type { Span } from './partition.ts';
import type { PolicyIndex } from './policy-index.ts';
import { describeServices, type ServiceRange } from './service-set.ts';
import type { Slice } from './slice.ts';

/** Who is at one side, in words that people know. */
interface Ends {
  readonly vmIds: readonly Id[];
  /** Blocks of addresses that no VM has on the network. */
  readonly cidrs: readonly string[];
}

/** All packets of one network between some ends and others by some services. */
export interface Traffic {
  /** Network number. */
  readonly network: number;
  readonly from: Ends;
  readonly to: Ends;
  /** One entry without protocol is every service. */
  readonly services: readonly ServiceRange[];
}

export function describeBox(slice: Slice, indices: readonly PolicyIndex[], box: Box): Traffic {
  const ends = (bits: Bits) => describeEnds(slice, indices, bits);
  return { network: slice.network, from: ends(box.src), to: ends(box.dst), services: describeServices(box.services) };
}

function describeEnds({ classes, network }: Slice, indices: readonly PolicyIndex[], bits: Bits): Ends {
  const vmIds = new Set<Id>();
  const spans: Span[] = [];
  for (const n of numbersIn(bits)) {
    const one = classes[n]!;
    spans.push(...one.spans);
    for (const address of one.addresses)
      for (const { networks } of indices)
        for (const id of networks.get(network)?.endpoints.get(address)?.vmIds ?? []) vmIds.add(id);
  }
  return { vmIds: [...vmIds], cidrs: joined(spans).flatMap(blocksOf).map(formatBlock) };
}

function joined(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  const inOrder = spans.toSorted((a, b) => a.family - b.family || (a.first < b.first ? -1 : 1));
  for (const span of inOrder) {
    const last = found.at(-1);
    if (last?.family === span.family && last.last + 1n === span.first)
      found.splice(-1, 1, { ...last, last: span.last });
    else found.push(span);
  }
  return found;
}

/** The fewest blocks that cover a span. */
function blocksOf({ family, first, last }: Span): Block[] {
  const width = widthOf(family);
  const blocks: Block[] = [];
  for (let bits = first; bits <= last; ) {
    let host = 0;
    while (host < width && (bits & (1n << BigInt(host))) === 0n && bits + (2n << BigInt(host)) - 1n <= last) host++;
    blocks.push({ family, bits, prefix: width - host });
    bits += 1n << BigInt(host);
  }
  return blocks;
}
