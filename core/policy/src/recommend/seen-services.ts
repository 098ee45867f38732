import type { Service } from '@hypervigil/model';
import { PROTOCOL } from '../packet.ts';
import type { Traffic } from '../traffic.ts';

/** One service as it was seen, ports that are handed out at random as their range. */
export interface SeenService {
  readonly protocol: number;
  /** Ports, or type of ICMP; null where there is none. */
  readonly first: number | null;
  readonly last: number | null;
}

/** So many ports with no wider gap than this are a range that somebody hands ports out of. */
const RANGE = { ports: 32, gap: 1_024, from: 1_024 } as const;

const NAMES = new Map<number, 'tcp' | 'udp' | 'sctp'>([
  [PROTOCOL.tcp, 'tcp'],
  [PROTOCOL.udp, 'udp'],
  [PROTOCOL.sctp, 'sctp'],
]);

export const serviceKey = ({ protocol, first, last }: SeenService): string => `${protocol} ${first} ${last}`;

/** What each talk of some that belong together is a service of. */
export function seenServices(talks: readonly Traffic[]): (talk: Traffic) => SeenService {
  const ports = new Map<number, Set<number>>();
  for (const { protocol, port } of talks)
    if (NAMES.has(protocol) && port >= RANGE.from) ports.set(protocol, (ports.get(protocol) ?? new Set()).add(port));
  const ranges = new Map([...ports].map(([protocol, some]) => [protocol, rangesOf([...some].sort((a, b) => a - b))]));
  return ({ protocol, port, icmpType }) => {
    if (!NAMES.has(protocol)) return { protocol, first: icmpType, last: icmpType };
    const range = ranges.get(protocol)?.find(({ first, last }) => first <= port && port <= last);
    return range ? { protocol, ...range } : { protocol, first: port, last: port };
  };
}

function rangesOf(ports: readonly number[]): { first: number; last: number }[] {
  const ranges: { first: number; last: number; count: number }[] = [];
  for (const port of ports) {
    const open = ranges.at(-1);
    if (open && port - open.last <= RANGE.gap) Object.assign(open, { last: port, count: open.count + 1 });
    else ranges.push({ first: port, last: port, count: 1 });
  }
  return ranges.filter(({ count }) => count >= RANGE.ports).map(({ first, last }) => ({ first, last }));
}

const MAX_PORTS = 64;

/** The fewest services of rules that say the same. */
export function toServices(seen: readonly SeenService[]): Service[] {
  const byProtocol = Map.groupBy(seen, ({ protocol }) => protocol);
  return [...byProtocol].sort(([a], [b]) => a - b).flatMap(([protocol, some]) => servicesOf(protocol, some));
}

function servicesOf(protocol: number, seen: readonly SeenService[]): Service[] {
  const name = NAMES.get(protocol);
  if (name !== undefined) {
    const ports = joined(seen).map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
    return Array.from({ length: Math.ceil(ports.length / MAX_PORTS) }, (_, i) => ({
      protocol: name,
      ports: ports.slice(i * MAX_PORTS, (i + 1) * MAX_PORTS),
    }));
  }
  const icmp = protocol === PROTOCOL.icmp ? 'icmp' : protocol === PROTOCOL.icmpv6 ? 'icmpv6' : undefined;
  if (icmp === undefined) return [{ protocol: 'ip', number: protocol }];
  const types = [...new Set(seen.map(({ first }) => first))].sort((a, b) => (a ?? -1) - (b ?? -1));
  return types[0] === null ? [{ protocol: icmp }] : types.map((type) => ({ protocol: icmp, type: type! }));
}

function joined(seen: readonly SeenService[]): { first: number; last: number }[] {
  const ranges: { first: number; last: number }[] = [];
  for (const { first, last } of seen.toSorted((a, b) => a.first! - b.first!)) {
    const open = ranges.at(-1);
    if (open && first! <= open.last + 1) open.last = Math.max(open.last, last!);
    else ranges.push({ first: first!, last: last! });
  }
  return ranges;
}
