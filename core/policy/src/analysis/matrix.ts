import type { IntentService } from '@hypervigil/model';
import type { Packet } from '../packet.ts';
import { allowedOf } from './decide.ts';
import type { End } from './end.ts';
import { NOTHING } from './packet-set.ts';
import type { PolicyIndex } from './policy-index.ts';
import { sliceOfEnds } from './question.ts';
import { describeServices, type ServiceRange, type ServiceSet, type ServiceSpace } from './service-set.ts';

/** What gets from one end to another. */
export interface MatrixCell {
  /** Places in the list of ends. */
  readonly from: number;
  readonly to: number;
  /** Of the asked services between any two of them; `apart` when they share no network and address family. */
  readonly allowed: 'everything' | 'something' | 'nothing' | 'apart';
  /** Those that get through between some two of them. */
  readonly services: readonly ServiceRange[];
  /** A packet that gets through. */
  readonly witness: Packet | null;
}

/** Each end with each, in rows. */
export function matrix(
  index: PolicyIndex,
  services: ServiceSpace,
  ends: readonly End[],
  asked: readonly IntentService[],
): MatrixCell[] {
  const set = services.of(asked);
  const cells = ends.flatMap((_, from) => ends.map((__, to) => emptyCell(from, to, services)));
  for (const network of index.networks.values()) {
    const slice = sliceOfEnds(index, services, network, { ends, from: ends, to: ends });
    if (!slice) continue;
    const { space, policies, sample, within } = slice;
    const everyone = slice.ends.reduce((all, bits) => all | bits, 0n);
    const allowed = allowedOf(space, policies[0]!, within({ src: everyone, dst: everyone, services: set }));
    for (const cell of cells) {
      const [src = 0n, dst = 0n] = [slice.ends[cell.from], slice.ends[cell.to]];
      const packets = src === 0n || dst === 0n ? NOTHING : within({ src, dst, services: set });
      if (space.isEmpty(packets)) continue;
      const through = space.intersection(packets, allowed);
      cell.isApart = false;
      cell.isWhole &&= space.isEmpty(space.difference(packets, allowed));
      for (const box of space.boxes(through)) cell.services = services.union(cell.services, box.services);
      cell.witness ??= sample(through) ?? null;
    }
  }
  return cells.map(({ from, to, isApart, isWhole, services: some, witness }) => ({
    from,
    to,
    allowed: isApart ? 'apart' : witness === null ? 'nothing' : isWhole ? 'everything' : 'something',
    services: describeServices(some),
    witness,
  }));
}

interface GrowingCell {
  readonly from: number;
  readonly to: number;
  isApart: boolean;
  isWhole: boolean;
  services: ServiceSet;
  witness: Packet | null;
}

const emptyCell = (from: number, to: number, services: ServiceSpace): GrowingCell => ({
  from,
  to,
  isApart: true,
  isWhole: true,
  services: services.none,
  witness: null,
});
