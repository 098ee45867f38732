import type { Service } from '@hypervigil/model';
import { type Addresses, blocksOf, EVERY4, EVERY6, equal, intersection } from './addresses.ts';
import type { PeerDraft } from './build.ts';

type PortRange = readonly [first: number, last: number];

/** A set of new connections of one IP version: a box in the space of addresses, protocol and port. */
export interface Match {
  readonly src: Addresses;
  readonly dst: Addresses;
  /** Null is every protocol. */
  readonly protocol: number | null;
  /** Destination ports; null is every port, and the only value for protocols without. */
  readonly ports: readonly PortRange[] | null;
  readonly icmp: { readonly type: number; readonly code: number | null } | null;
}

export const everyMatch = (family: 4 | 6): Match => ({
  src: every(family),
  dst: every(family),
  protocol: null,
  ports: null,
  icmp: null,
});

const every = (family: 4 | 6) => (family === 4 ? EVERY4 : EVERY6);

/** What both match; undefined when nothing can. */
export function both(a: Match, b: Match): Match | undefined {
  const src = intersection(a.src, b.src);
  const dst = intersection(a.dst, b.dst);
  const ports = a.ports && b.ports ? intersectPorts(a.ports, b.ports) : (a.ports ?? b.ports);
  const isEmpty = src.length === 0 || dst.length === 0 || ports?.length === 0;
  if (isEmpty || (a.protocol !== null && b.protocol !== null && a.protocol !== b.protocol)) return undefined;
  if (a.icmp && b.icmp && a.icmp.type !== b.icmp.type) return undefined;
  const [codeA, codeB] = [a.icmp?.code ?? null, b.icmp?.code ?? null];
  if (codeA !== null && codeB !== null && codeA !== codeB) return undefined;
  const icmp = a.icmp ?? b.icmp;
  return {
    src,
    dst,
    protocol: a.protocol ?? b.protocol,
    ports,
    icmp: icmp && { type: icmp.type, code: codeA ?? codeB },
  };
}

/** Whether a narrowed match is still the whole of the other. */
export const sameMatch = (a: Match, b: Match): boolean =>
  equal(a.src, b.src) &&
  equal(a.dst, b.dst) &&
  a.protocol === b.protocol &&
  JSON.stringify([a.ports, a.icmp]) === JSON.stringify([b.ports, b.icmp]);

function intersectPorts(a: readonly PortRange[], b: readonly PortRange[]): PortRange[] {
  return a.flatMap(([first, last]) =>
    b.flatMap(([low, high]): PortRange[] => {
      const range: PortRange = [Math.max(first, low), Math.min(last, high)];
      return range[0] <= range[1] ? [range] : [];
    }),
  );
}

/** All ports but these. */
export function otherPorts(ports: readonly PortRange[]): PortRange[] {
  const others: PortRange[] = [];
  let next = 0;
  for (const [first, last] of ports.toSorted((a, b) => a[0] - b[0])) {
    if (first > next) others.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  return next <= 65535 ? [...others, [next, 65535]] : others;
}

/** IP protocol numbers by the names that the tools print (/etc/protocols). */
const PROTOCOLS: Readonly<Record<string, number>> = {
  ...{ icmp: 1, igmp: 2, ipencap: 4, ipip: 4, tcp: 6, egp: 8, udp: 17, dccp: 33, ipv6: 41, rsvp: 46, gre: 47 },
  ...{
    esp: 50,
    ah: 51,
    'ipv6-icmp': 58,
    icmpv6: 58,
    ospf: 89,
    pim: 103,
    vrrp: 112,
    l2tp: 115,
    sctp: 132,
    udplite: 136,
  },
};

/** The number of a protocol's name or number; undefined when it is neither. */
export function protocolOf(text: string): number | undefined {
  const name = text.toLowerCase();
  if (Object.hasOwn(PROTOCOLS, name)) return PROTOCOLS[name];
  const number = /^\d{1,3}$/.test(name) ? Number(name) : 256;
  return number <= 255 ? number : undefined;
}

const WITH_PORTS: Readonly<Record<number, 'tcp' | 'udp' | 'sctp'>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };
export const hasPorts = (protocol: number | null): boolean => protocol !== null && Object.hasOwn(WITH_PORTS, protocol);

export function servicesOf({ protocol, ports, icmp }: Match): Service[] {
  if (protocol === null) return [];
  const named = WITH_PORTS[protocol];
  if (named !== undefined)
    return [
      {
        protocol: named,
        ports: (ports ?? []).map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)),
      },
    ];
  if (icmp && (protocol === 1 || protocol === 58))
    return [
      {
        protocol: protocol === 1 ? 'icmp' : 'icmpv6',
        type: icmp.type,
        ...(icmp.code === null ? {} : { code: icmp.code }),
      },
    ];
  return [{ protocol: 'ip', number: protocol }];
}

/** Whose chain it is, if it is one machine's own: that side of its rules is a group. */
interface Own {
  readonly side: 'from' | 'to';
  readonly group: string;
}

/** The two sides of a rule for a match of one IP version; the blocks keep the version. */
export function sidesOf({ src, dst }: Match, family: 4 | 6, own?: Own): { from: PeerDraft; to: PeerDraft } {
  const side = (name: Own['side'], addresses: Addresses): PeerDraft =>
    own?.side === name && equal(addresses, every(family)) ? { groups: [own.group] } : { cidrs: blocksOf(addresses) };
  return { from: side('from', src), to: side('to', dst) };
}
