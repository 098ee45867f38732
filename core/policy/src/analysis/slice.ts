import type { IntentRule } from '@hypervigil/model';
import type { Packet } from '../packet.ts';
import { type Bits, bit, lowest, numbersIn } from './bits.ts';
import { type Class, classify, sampleFree } from './classes.ts';
import type { End } from './end.ts';
import {
  type Box,
  createPacketSpace,
  type Hull,
  hullOf,
  NOTHING,
  type PacketSet,
  type PacketSpace,
} from './packet-set.ts';
import { blocksByPlace, heldAddresses, marksOf, moved, placeSets } from './places.ts';
import type { Endpoint, PolicyIndex } from './policy-index.ts';
import { foreignPairs, inScope, judgedPairs, type Owners } from './scope.ts';
import { type ServiceSpace, sampleService } from './service-set.ts';

export interface SliceInput {
  readonly services: ServiceSpace;
  readonly network: number;
  /** Rules in the order of decision, of one policy or of two to compare. */
  readonly policies: readonly { readonly index: PolicyIndex; readonly rules: readonly IntentRule[] }[];
  /** Which of the network's addresses to look at; without it, all. */
  readonly includes?: (endpoint: Endpoint) => boolean;
  readonly ends?: readonly End[];
  /** `foreign`: only the pairs that no tenant has a say in. */
  readonly pairs?: 'all' | 'foreign';
}

/** A rule and the packets of the slice that it matches. */
export interface SliceRule {
  readonly rule: IntentRule;
  readonly match: PacketSet;
  readonly hull: Hull;
}

/** What one of the policies says in a slice. */
export interface SlicePolicy {
  /** Those that match anything, in the order of decision. */
  readonly rules: readonly SliceRule[];
  readonly owners: Owners;
  /** Classes that vNICs hold, and the others. */
  readonly held: Bits;
  readonly outside: Bits;
  /** What no rule is asked about, for one of its ends is quarantined. */
  readonly cutOff: PacketSet;
  /** What is allowed when no rule speaks of it. */
  readonly allowedByDefault: PacketSet;
}

/**
 * The packets between some addresses of one network, or between them and the outside, with the rules that speak of
 * them. No packet crosses networks, so slices are apart from each other and each is small.
 */
export interface Slice {
  readonly network: number;
  readonly services: ServiceSpace;
  readonly space: PacketSpace;
  readonly classes: readonly Class[];
  /** All packets of the slice. */
  readonly domain: PacketSet;
  readonly policies: readonly SlicePolicy[];
  /** Classes of the asked ends. */
  readonly ends: readonly Bits[];
  /** The packets of the slice in a box. */
  within(box: Box): PacketSet;
  /** A packet of a set; undefined of an empty one. */
  sample(set: PacketSet): Packet | undefined;
}

export function createSlice(input: SliceInput): Slice {
  const { services, network, policies, ends = [], pairs = 'all' } = input;
  const { ground } = policies[0]!.index;
  const { places, placesOfEnds, placesInGround } = placeSets(input);
  const held = heldAddresses(input);
  const classes = classify({
    ground: ground.partition,
    memberships: ground.partition.kinds.map((sets) => moved(sets, placesInGround)),
    blocks: blocksByPlace(input, places, placesOfEnds, new Set(placesInGround.values())),
    held,
    marked: marksOf(input, places, placesOfEnds),
  });

  const where = (is: (one: Class) => boolean): Bits =>
    classes.reduce((bits, one, n) => (is(one) ? bits | bit(n) : bits), 0n);
  const everyone = where(() => true);
  const outside = where(({ addresses }) => addresses.length === 0);
  const inPlace = columns(classes);
  const ofFamily = { 4: where(({ family }) => family === 4), 6: where(({ family }) => family === 6) };

  const space = createPacketSpace(
    services,
    where(({ addresses }) => addresses.length === 1),
  );
  const union = (boxes: readonly Box[]): PacketSet => boxes.map(space.box).reduce(space.union, NOTHING);
  const owners = policies.map(({ index }) => ownersOf(classes, index, network));
  const judged = pairs === 'all' ? judgedPairs(everyone & ~outside, outside) : foreignPairs(owners[0]!, outside);
  const domain = union(
    ([4, 6] as const).flatMap((family) =>
      judged.map(({ src, dst }) => ({
        src: src & ofFamily[family],
        dst: dst & ofFamily[family],
        services: services.every[family],
      })),
    ),
  );
  const within = (boxes: readonly Box[]): PacketSet => space.intersection(union(boxes), domain);

  const ruled = policies.map(({ index, rules }, i): SlicePolicy => {
    const own = owners[i]!;
    const heldHere = [...own.values()].reduce((all, bits) => all | bits, 0n);
    const outsideHere = everyone & ~heldHere;
    const alone = quarantinedOf(classes, index, network);
    const every = services.of([]);
    const cutOff = within([
      { src: alone, dst: everyone, services: every },
      { src: everyone, dst: alone, services: every },
    ]);
    const side = (nums: readonly number[] | null): Bits =>
      nums === null ? everyone : nums.reduce((bits, num) => bits | inPlace(places[i]!.get(num)!), 0n);
    const matched = rules.map((rule) => {
      const box = { src: side(rule.from), dst: side(rule.to), services: services.of(rule.services) };
      const match = space.difference(within(inScope(box, rule.tenant, own, outsideHere)), cutOff);
      return { rule, match, hull: hullOf(match) };
    });
    const open = [...own].filter(([owner]) => owner !== 'nobody' && index.open.has(owner));
    return {
      rules: matched.filter(({ match }) => !space.isEmpty(match)),
      owners: own,
      held: heldHere,
      outside: outsideHere,
      cutOff,
      allowedByDefault: space.difference(
        within(open.map(([, bits]) => ({ src: bits, dst: bits, services: every }))),
        cutOff,
      ),
    };
  });

  return {
    network,
    services,
    space,
    classes,
    domain,
    policies: ruled,
    ends: ends.map((end, n) => (end.anyone ? everyone : inPlace(placesOfEnds[n]!) | (end.outside ? outside : 0n))),
    within: (box) => within([box]),
    sample(set) {
      for (const box of space.boxes(set)) {
        const ends = addressesOf(box, classes, held);
        const { family: _, ...service } = sampleService(box.services);
        return { network, ...ends, ...service };
      }
      return undefined;
    },
  };
}

/** From a place to the classes that are in it. */
function columns(classes: readonly Class[]): (place: number) => Bits {
  const found = new Map<number, Bits>();
  for (const [n, { marks }] of classes.entries())
    for (const place of numbersIn(marks.sets)) found.set(place, (found.get(place) ?? 0n) | bit(n));
  return (place) => found.get(place) ?? 0n;
}

function ownersOf(classes: readonly Class[], { networks }: PolicyIndex, network: number): Owners {
  const owners = new Map<Endpoint['owner'], Bits>();
  for (const [n, { addresses }] of classes.entries()) {
    const endpoint = addresses[0] === undefined ? undefined : networks.get(network)?.endpoints.get(addresses[0]);
    if (endpoint) owners.set(endpoint.owner, (owners.get(endpoint.owner) ?? 0n) | bit(n));
  }
  return owners;
}

function quarantinedOf(classes: readonly Class[], { networks }: PolicyIndex, network: number): Bits {
  const endpoints = networks.get(network)?.endpoints;
  return classes.reduce<Bits>(
    (bits, { addresses: [first] }, n) =>
      first !== undefined && endpoints?.get(first)?.quarantined ? bits | bit(n) : bits,
    0n,
  );
}

/** Two addresses that differ, one from each side of a box. */
function addressesOf(
  { src, dst }: Box,
  classes: readonly Class[],
  held: ReadonlyMap<string, unknown>,
): Pick<Packet, 'src' | 'dst'> {
  const in_ = (n: number): readonly string[] => {
    const { addresses, spans } = classes[n]!;
    return addresses.length > 0 ? addresses : [sampleFree(spans, held)!];
  };
  const from = lowest(src);
  const others = dst & ~bit(from);
  if (others !== 0n) return { src: in_(from)[0]!, dst: in_(lowest(others))[0]! };
  const [first, second] = in_(from);
  // The class is both sides: another of its addresses answers, or another class asks.
  return { src: second ?? in_(lowest(src & ~bit(from)))[0]!, dst: first! };
}
