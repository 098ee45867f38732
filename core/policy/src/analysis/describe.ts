import type { Id } from '@hypervigil/model';
import { formatBlock } from '../address.ts';
import { blocksOf, uniteRanges } from '../ranges.ts';
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
  return { vmIds: [...vmIds], cidrs: uniteRanges(spans).flatMap(blocksOf).map(formatBlock) };
}
