import type { IntentRule } from '@hypervigil/model';
import type { Block } from '../address.ts';
import type { Packet } from '../packet.ts';
import { type Bits, bit, lowest, numbersIn } from './bits.ts';
import { type Class, classify, type Marks, sampleFree } from './classes.ts';
import type { End } from './end.ts';
import { type Box, createPacketSpace, NOTHING, type PacketSet, type PacketSpace } from './packet-set.ts';
import type { Endpoint, PolicyIndex, SetIndex } from './policy-index.ts';
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
}

/** What one of the policies says in a slice. */
export interface SlicePolicy {
  /** Those that match anything, in the order of decision. */
  readonly rules: readonly SliceRule[];
  readonly owners: Owners;
  readonly outside: Bits;
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
    const outsideHere = everyone & ~[...own.values()].reduce((all, bits) => all | bits, 0n);
    const side = (nums: readonly number[] | null): Bits =>
      nums === null ? everyone : nums.reduce((bits, num) => bits | inPlace(places[i]!.get(num)!), 0n);
    const matched = rules.map((rule) => {
      const box = { src: side(rule.from), dst: side(rule.to), services: services.of(rule.services) };
      return { rule, match: within(inScope(box, rule.tenant, own, outsideHere)) };
    });
    const open = [...own].filter(([owner]) => owner !== 'nobody' && index.open.has(owner));
    return {
      rules: matched.filter(({ match }) => !space.isEmpty(match)),
      owners: own,
      outside: outsideHere,
      allowedByDefault: within(open.map(([, bits]) => ({ src: bits, dst: bits, services: services.of([]) }))),
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

interface Places {
  /** Of each policy's sets by their numbers. */
  readonly places: readonly ReadonlyMap<number, number>[];
  readonly placesOfEnds: readonly number[];
  /** Of those of the first policy's sets that the ground knows, by their places there. */
  readonly placesInGround: ReadonlyMap<number, number>;
}

/** Each set that a policy's rules name gets a place of its own, and so does each end. */
function placeSets({ policies, ends = [] }: SliceInput): Places {
  let next = 0;
  const places = policies.map(({ rules }) => {
    const found = new Map<number, number>();
    for (const { from, to } of rules)
      for (const num of [...(from ?? []), ...(to ?? [])]) if (!found.has(num)) found.set(num, next++);
    return found;
  });
  const { ground } = policies[0]!.index;
  const placesInGround = new Map<number, number>();
  for (const [num, place] of places[0]!) {
    const there = ground.places.get(num);
    if (there !== undefined) placesInGround.set(there, place);
  }
  return { places, placesOfEnds: ends.map(() => next++), placesInGround };
}

/** Places of one kind as the set of where they are elsewhere; those that are not there are left out. */
function moved(places: readonly number[], to: ReadonlyMap<number, number>): Bits {
  return places.reduce<Bits>((bits, from) => {
    const place = to.get(from);
    return place === undefined ? bits : bits | bit(place);
  }, 0n);
}

/** Blocks of the sets that the ground does not know. */
function blocksByPlace(
  { policies, network, ends = [] }: SliceInput,
  places: Places['places'],
  placesOfEnds: readonly number[],
  known: ReadonlySet<number>,
): Block[][] {
  const blocks: Block[][] = [];
  for (const [i, { index }] of policies.entries())
    for (const [num, place] of places[i]!)
      blocks[place] = known.has(place) ? [] : blocksOf(index.sets.get(num), network);
  for (const [n, end] of ends.entries()) blocks[placesOfEnds[n]!] = [...end.blocks];
  return blocks;
}

function blocksOf(set: SetIndex | undefined, network: number): Block[] {
  return (set?.blocks ?? []).flatMap((some) => (some.network === null || some.network === network ? some.blocks : []));
}

function heldAddresses({ policies, network }: SliceInput): ReadonlyMap<string, Endpoint> {
  const [first, ...others] = policies.map(({ index }) => index.networks.get(network)?.endpoints ?? new Map());
  return others.length === 0 ? first! : new Map([first!, ...others].flatMap((endpoints) => [...endpoints]));
}

function marksOf(
  { policies, network, includes = () => true, ends = [] }: SliceInput,
  places: readonly ReadonlyMap<number, number>[],
  placesOfEnds: readonly number[],
): Map<string, Marks> {
  const marks = new Map<string, Marks>();
  for (const [i, { index }] of policies.entries()) {
    const tenantSets = new Map<Endpoint['owner'], number>();
    for (const [num, place] of places[i]!) {
      const tenant = index.sets.get(num)?.tenant ?? null;
      if (tenant !== null) tenantSets.set(tenant, place);
    }
    for (const endpoint of index.networks.get(network)?.endpoints.values() ?? []) {
      if (!includes(endpoint)) continue;
      const { sets = 0n, apart = '' } = marks.get(endpoint.address) ?? {};
      const named = [
        ...endpoint.sets.map((num) => places[i]!.get(num)),
        tenantSets.get(endpoint.owner),
        ...ends.map(({ vmIds }, n) => (endpoint.vmIds.some((id) => vmIds.has(id)) ? placesOfEnds[n] : undefined)),
      ];
      marks.set(endpoint.address, {
        sets: named.reduce<Bits>((bits, place) => (place === undefined ? bits : bits | bit(place)), sets),
        apart: `${apart} ${i}=${endpoint.owner}`,
      });
    }
  }
  return marks;
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
