import type { Id } from '@hypervigil/model';
import { formatBlock } from '../address.ts';
import { blockCount, blocksOf, uniteRanges } from '../ranges.ts';
import { type Bits, numbersIn } from './bits.ts';
import type { Box } from './packet-set.ts';
import type { Span } from './partition.ts';
import type { PolicyIndex } from './policy-index.ts';
import { describeServices, type ServiceRange } from './service-set.ts';
import type { Slice } from './slice.ts';

/** What is outside a set of a hundred thousand addresses is millions of blocks: more than anybody reads. */
const MAX_CIDRS = 1000;

/** Who is at one side, in words that people know. */
interface Ends {
  readonly vmIds: readonly Id[];
  /** Blocks of addresses that no VM has on the network: the first {@link MAX_CIDRS}, and how many there are. */
  readonly cidrs: readonly string[];
  readonly cidrCount: number;
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
  const outside = uniteRanges(spans);
  const cidrs = Iterator.from(outside).flatMap(blocksOf).take(MAX_CIDRS).map(formatBlock);
  const cidrCount = outside.reduce((sum, range) => sum + blockCount(range), 0);
  return { vmIds: [...vmIds], cidrs: [...cidrs], cidrCount };
}
