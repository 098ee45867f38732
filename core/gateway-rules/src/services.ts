import type { IntentService } from '@hypervigil/model';
import {
  ct,
  type Direction,
  directed,
  equals,
  meta,
  type NftExpression,
  type NftStatement,
  oneOf,
} from '@hypervigil/nft';

/** One way in which a packet is of a service; null is either family. */
export interface ServiceMatch {
  readonly family: 4 | 6 | null;
  readonly match: readonly NftStatement[];
}

const ICMP = 1;
const ICMPV6 = 58;

/**
 * Services with ports of one protocol become one match on a set of them.
 * @param opened in which of its directions the connection was opened
 */
export function serviceMatches(services: readonly IntentService[], opened: Direction): ServiceMatch[] {
  const withPorts = Map.groupBy(
    services.filter(({ ports }) => ports !== null),
    ({ protocol, family }) => `${protocol} ${family}`,
  );
  return [
    ...[...withPorts.values()].map((group) => ({
      family: familyOf(group[0]!),
      match: [isProtocol(group[0]!.protocol), isPort(group.flatMap(portsOf), opened)].flat(),
    })),
    ...services.filter(({ ports }) => ports === null).map((service) => portless(service, opened)),
  ];
}

const familyOf = ({ family }: IntentService): 4 | 6 | null => (family === 'ip' ? null : family === 'ipv4' ? 4 : 6);

function portsOf({ ports }: IntentService): NftExpression[] {
  if (ports === null) return [];
  return [ports.first === ports.last ? ports.first : { range: [ports.first, ports.last] }];
}

/** nft knows what a connection's port is only after it knows the packet's own protocol (ct.c, ct_expr_update_type). */
const isProtocol = (protocol: number | null): NftStatement[] =>
  protocol === null ? [] : [equals(meta('l4proto'), protocol)];
const isPort = (ports: readonly NftExpression[], opened: Direction): NftStatement =>
  equals(directed('proto-dst', opened), oneOf(ports));

function portless(service: IntentService, opened: Direction): ServiceMatch {
  const { protocol, icmp } = service;
  const family = familyOf(service);
  if (icmp === null || (protocol !== ICMP && protocol !== ICMPV6))
    return { family, match: protocol === null ? [] : [equals(ct('protocol'), protocol)] };
  // Where others have a port, conntrack keeps ICMP's type and code (nf_conntrack_tuple.h).
  const first = icmp.type * 256 + (icmp.code ?? 0);
  const value: NftExpression = icmp.code === null ? { range: [first, first + 255] } : first;
  return { family, match: [...isProtocol(protocol), isPort([value], opened)] };
}
