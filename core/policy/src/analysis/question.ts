import type { IntentService } from '@hypervigil/model';
import { type End, isAt, reachesOutside } from './end.ts';
import type { PacketSet } from './packet-set.ts';
import type { Endpoint, NetworkIndex, PolicyIndex } from './policy-index.ts';
import type { ServiceSpace } from './service-set.ts';
import { createSlice, type Slice } from './slice.ts';

export interface Question {
  readonly from: End;
  readonly to: End;
  /** Who is not meant on the side that asks. */
  readonly except?: End;
  /** Empty is every service. */
  readonly services: readonly IntentService[];
}

/** The packets that a question asks about, in slices that hold nothing else of the cloud. */
export function* slicesAbout(
  index: PolicyIndex,
  services: ServiceSpace,
  { from, to, except, services: asked }: Question,
): Iterable<{ slice: Slice; packets: PacketSet }> {
  const set = services.of(asked);
  for (const network of index.networks.values()) {
    const ends = [from, to, ...(except ? [except] : [])];
    const slice = sliceOfEnds(index, services, network, { ends, from: [from], to: [to] });
    if (!slice) continue;
    const [src = 0n, dst = 0n, others = 0n] = slice.ends;
    const packets = slice.within({ src: src & ~others, dst, services: set });
    if (!slice.space.isEmpty(packets)) yield { slice, packets };
  }
}

interface Ends {
  /** Those to be told apart. */
  readonly ends: readonly End[];
  /** Those that send, and those that receive. */
  readonly from: readonly End[];
  readonly to: readonly End[];
}

/** The slice of a network that holds the addresses of those that send or receive; undefined when there is no traffic. */
export function sliceOfEnds(
  index: PolicyIndex,
  services: ServiceSpace,
  network: NetworkIndex,
  { ends, from, to }: Ends,
): Slice | undefined {
  const everyone = [...network.endpoints.values()];
  const at = (some: readonly End[]) => new Set(everyone.filter((endpoint) => some.some((end) => isAt(end, endpoint))));
  const [senders, receivers] = [at(from), at(to)];
  const there = senders.union(receivers);
  const [fromOutside, toOutside] = [from.some(reachesOutside), to.some(reachesOutside)];
  if (there.size === 0 || !(senders.size > 0 || fromOutside) || !(receivers.size > 0 || toOutside)) return undefined;
  const isHeard = tenantsHeard(
    { owners: ownersOf(senders), outside: fromOutside },
    { owners: ownersOf(receivers), outside: toOutside },
  );
  return createSlice({
    services,
    network: network.num,
    policies: [{ index, rules: index.rulesOn(network, [...ownersOf(there)], isHeard) }],
    includes: (endpoint) => there.has(endpoint),
    ends,
  });
}

const ownersOf = (endpoints: ReadonlySet<Endpoint>) => new Set([...endpoints].map(({ owner }) => owner));

interface Side {
  readonly owners: ReadonlySet<Endpoint['owner']>;
  readonly outside: boolean;
}

/** Which tenants have a say in traffic between two sides: in their own, and in theirs with the outside. */
function tenantsHeard(from: Side, to: Side): (tenant: number) => boolean {
  return (tenant) =>
    (from.owners.has(tenant) && (to.outside || to.owners.has(tenant))) || (from.outside && to.owners.has(tenant));
}
