import type { IntentService } from '@hypervigil/model';
import type { Family } from '../address.ts';
import { type Packet, PROTOCOL } from '../packet.ts';

/**
 * A set of services: protocols with their ports or ICMP types and codes, for IPv4 and IPv6 apart. All of them stand on
 * one line of numbers, so that a set is the places where the line enters and leaves it. Equal sets are one object.
 */
export interface ServiceSet {
  readonly id: number;
  /** Ascending; at the first the line enters the set, at the second it leaves it, and so on. */
  readonly edges: readonly number[];
}

type Service = Pick<Packet, 'protocol' | 'port' | 'icmp'>;

const PORTED: ReadonlySet<number> = new Set([PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.sctp]);
const TYPED: ReadonlySet<number> = new Set([PROTOCOL.icmp, PROTOCOL.icmpv6]);
const PROTOCOLS = Array.from({ length: 256 }, (_, protocol) => protocol);

const widthOf = (protocol: number): number => (PORTED.has(protocol) || TYPED.has(protocol) ? 1 << 16 : 1);

/** Where each protocol begins on a family's part of the line: 2¹⁶ places for ports or type and code, else one. */
const BEGIN: readonly number[] = PROTOCOLS.map((protocol) =>
  PROTOCOLS.slice(0, protocol).reduce((sum, one) => sum + widthOf(one), 0),
);
const LINE = BEGIN[255]! + widthOf(255);

const beginOf = (family: Family, protocol: number): number => (family === 6 ? LINE : 0) + BEGIN[protocol]!;

/** The place of a packet's service on the line. */
export function placeOf(family: Family, { protocol, port, icmp }: Service): number {
  return beginOf(family, protocol) + (port ?? (icmp ? icmp.type * 256 + icmp.code : 0));
}

/** The service at a place, as a packet has it. */
export function serviceAt(place: number): Service & { readonly family: Family } {
  const family = place < LINE ? 4 : 6;
  const within = place % LINE;
  const protocol = PROTOCOLS.findLast((one) => BEGIN[one]! <= within) ?? 0;
  const detail = within - BEGIN[protocol]!;
  if (PORTED.has(protocol)) return { family, protocol, port: detail };
  return TYPED.has(protocol)
    ? { family, protocol, icmp: { type: detail >> 8, code: detail & 0xff } }
    : { family, protocol };
}

/** Services that a witness has rather than others, because people know them. */
const FAMILIAR = ([4, 6] as const).flatMap((family) => [
  ...[443, 80, 22].map((port) => placeOf(family, { protocol: PROTOCOL.tcp, port })),
  placeOf(family, { protocol: PROTOCOL.udp, port: 53 }),
  placeOf(family, {
    protocol: family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6,
    icmp: { type: family === 4 ? 8 : 128, code: 0 },
  }),
]);

/** One service of a set that is not empty. */
export function sampleService(set: ServiceSet): ReturnType<typeof serviceAt> {
  const place = FAMILIAR.find((one) => isIn(one, set.edges)) ?? set.edges[0];
  if (place === undefined) throw new RangeError('an empty set of services has no sample');
  return serviceAt(place);
}

const isIn = (place: number, edges: readonly number[]): boolean =>
  edges.filter((edge) => edge <= place).length % 2 === 1;

/** Services of one protocol that stand next to each other; null is every one. */
export interface ServiceRange {
  readonly family: 'ip' | 'ipv4' | 'ipv6';
  readonly protocol: number | null;
  /** Ports, or ICMP type × 256 + code. */
  readonly range: { readonly first: number; readonly last: number } | null;
}

/** A set in as few ranges as people would write; ranges that both families have stand once. */
export function describeServices(set: ServiceSet): ServiceRange[] {
  const four = rangesOf(
    set.edges.filter((edge) => edge <= LINE),
    0,
  );
  const six = rangesOf(
    set.edges.filter((edge) => edge > LINE),
    LINE,
  );
  const keyOf = (range: (typeof four)[number]) => JSON.stringify(range);
  const both = new Set(four.map(keyOf)).intersection(new Set(six.map(keyOf)));
  const of = (family: ServiceRange['family'], ranges: typeof four, isShared: boolean): ServiceRange[] =>
    ranges.filter((range) => both.has(keyOf(range)) === isShared).map((range) => ({ family, ...range }));
  return [...of('ip', four, true), ...of('ipv4', four, false), ...of('ipv6', six, false)];
}

function rangesOf(edges: readonly number[], origin: number): Omit<ServiceRange, 'family'>[] {
  // A stretch over the border of the families counts for both.
  const within = edges.length % 2 === 0 ? edges : origin === 0 ? [...edges, LINE] : [LINE, ...edges];
  const ranges: Omit<ServiceRange, 'family'>[] = [];
  for (let i = 0; i < within.length; i += 2) {
    const [enter, leave] = [within[i]! - origin, within[i + 1]! - origin];
    if (enter === 0 && leave === LINE) return [{ protocol: null, range: null }];
    for (const protocol of PROTOCOLS) {
      const first = Math.max(enter, BEGIN[protocol]!) - BEGIN[protocol]!;
      const last = Math.min(leave, BEGIN[protocol]! + widthOf(protocol)) - 1 - BEGIN[protocol]!;
      if (first > last) continue;
      const isWhole = first === 0 && last === widthOf(protocol) - 1;
      ranges.push({ protocol, range: isWhole ? null : { first, last } });
    }
  }
  return ranges;
}

const NAMES = new Map<number, string>(Object.entries(PROTOCOL).map(([name, number]) => [number, name]));

/**
 * As people write it: `tcp/22`, `udp/5000-5010`, `icmp/8`, `icmp/3/4`, `ip/47`, `any`, and `ip/18-131` for protocols in a row; with
 * its IP version if it is of one only.
 */
export function servicesText(services: readonly ServiceRange[]): string[] {
  const texts: string[] = [];
  for (let n = 0; n < services.length; ) {
    const { family, protocol, range } = services[n]!;
    const version = family === 'ip' ? '' : `${family} `;
    let last = n;
    while (protocol !== null && range === null && follows(services[last]!, services[last + 1])) last++;
    const isRow = last - n > 1;
    texts.push(version + (isRow ? `ip/${protocol}-${services[last]!.protocol}` : oneText(services[n]!)));
    n = isRow ? last + 1 : n + 1;
  }
  return texts;
}

const follows = ({ family, protocol }: ServiceRange, next: ServiceRange | undefined): boolean =>
  next?.family === family && next.range === null && next.protocol === (protocol ?? Number.NaN) + 1;

function oneText({ protocol, range }: ServiceRange): string {
  if (protocol === null) return 'any';
  const name = NAMES.get(protocol) ?? `ip/${protocol}`;
  if (range === null) return name;
  const isOfTypes = TYPED.has(protocol) && (range.first & 0xff) === 0 && (range.last & 0xff) === 0xff;
  const place = (n: number) => (PORTED.has(protocol) ? `${n}` : isOfTypes ? `${n >> 8}` : `${n >> 8}/${n & 0xff}`);
  const [first, last] = [place(range.first), place(range.last)];
  return `${name}/${first === last ? first : `${first}-${last}`}`;
}

/** Sets of services with their operations; each is worked out once. */
export interface ServiceSpace {
  readonly none: ServiceSet;
  /** Every service of a family. */
  readonly every: Readonly<Record<Family, ServiceSet>>;
  /** What a rule's services match; with none, every one of both families. */
  of(services: readonly IntentService[]): ServiceSet;
  union(a: ServiceSet, b: ServiceSet): ServiceSet;
  intersection(a: ServiceSet, b: ServiceSet): ServiceSet;
  difference(a: ServiceSet, b: ServiceSet): ServiceSet;
}

export function createServiceSpace(): ServiceSpace {
  const known = new Map<string, ServiceSet>();
  const named = new Map<string, ServiceSet>();

  function intern(edges: readonly number[]): ServiceSet {
    const key = edges.join(' ');
    const found = known.get(key);
    if (found) return found;
    const set = { id: known.size, edges };
    known.set(key, set);
    return set;
  }

  const operation = (keep: (inA: boolean, inB: boolean) => boolean) => {
    const results = new Map<number, ServiceSet>();
    return (a: ServiceSet, b: ServiceSet): ServiceSet => {
      const key = a.id * 2 ** 26 + b.id;
      const found = results.get(key);
      if (found) return found;
      const result = intern(combine(a.edges, b.edges, keep));
      results.set(key, result);
      return result;
    };
  };

  const none = intern([]);
  const union = operation((inA, inB) => inA || inB);
  const everywhere = intern([0, 2 * LINE]);
  return {
    none,
    every: { 4: intern([0, LINE]), 6: intern([LINE, 2 * LINE]) },
    of(services) {
      if (services.length === 0) return everywhere;
      const key = JSON.stringify(services);
      const found = named.get(key);
      if (found) return found;
      const set = services.flatMap(stretches).map(intern).reduce(union, none);
      named.set(key, set);
      return set;
    },
    union,
    intersection: operation((inA, inB) => inA && inB),
    difference: operation((inA, inB) => inA && !inB),
  };
}

/** The stretches of the line that one neutral service matches. */
function stretches({ family, protocol, ports, icmp }: IntentService): [number, number][] {
  const families: readonly Family[] = family === 'ip' ? [4, 6] : family === 'ipv4' ? [4] : [6];
  const protocols = (protocol === null ? PROTOCOLS : [protocol])
    .filter((one) => ports === null || PORTED.has(one))
    .filter((one) => icmp === null || TYPED.has(one));
  const [first, last] = ports
    ? [ports.first, ports.last]
    : icmp
      ? [icmp.type * 256 + (icmp.code ?? 0), icmp.type * 256 + (icmp.code ?? 255)]
      : [0, undefined];
  return families.flatMap((one) =>
    protocols.map((number): [number, number] => {
      const begin = beginOf(one, number);
      return [begin + first, begin + (last ?? widthOf(number) - 1) + 1];
    }),
  );
}

function combine(
  a: readonly number[],
  b: readonly number[],
  keep: (inA: boolean, inB: boolean) => boolean,
): readonly number[] {
  const edges: number[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const edge = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    if (a[i] === edge) i++;
    if (b[j] === edge) j++;
    const isKept = edges.length % 2 === 1;
    if (keep(i % 2 === 1, j % 2 === 1) !== isKept) edges.push(edge);
  }
  return edges;
}
