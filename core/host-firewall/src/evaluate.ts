import type { HostFirewallPolicy, Service } from '@hypervigil/model';
import { contains, parseBlock } from '@hypervigil/policy';
import { ALWAYS_ICMP, ALWAYS_ICMPV6, DHCP, ICMP, ICMPV6, TCP, UDP } from './always.ts';
import { servicesOf } from './catalogue.ts';
import { familyOf, type HostPacket } from './packet.ts';

export interface HostDecision {
  readonly verdict: 'accept' | 'drop';
  /** What decided: something that no policy can cut, the rule at this place, or the default of its direction. */
  readonly by: 'always' | 'default' | number;
}

/** What becomes of a packet under a policy, read straight from the policy's words: the oracle of the compiler. */
export function evaluate(policy: HostFirewallPolicy, packet: HostPacket): HostDecision {
  if (packet.loopback || packet.reply || isEssential(packet)) return { verdict: 'accept', by: 'always' };
  const by = policy.rules.findIndex(
    (rule) =>
      rule.direction === packet.direction &&
      (rule.peers.length === 0 || rule.peers.some((name) => isIn(policy, name, packet))) &&
      (rule.services.length === 0 || servicesOf(rule.services).some((service) => isOf(service, packet))),
  );
  const byDefault = packet.direction === 'in' ? policy.inbound : policy.outbound;
  const action = policy.rules[by]?.action ?? byDefault;
  return {
    verdict: action === 'allow' || policy.mode === 'observe' ? 'accept' : 'drop',
    by: by < 0 ? 'default' : by,
  };
}

function isEssential(packet: HostPacket): boolean {
  const family = familyOf(packet);
  const type = packet.icmp?.type ?? -1;
  if (packet.protocol === ICMP) return family === 4 && ALWAYS_ICMP.includes(type);
  if (packet.protocol === ICMPV6) return family === 6 && ALWAYS_ICMPV6.includes(type);
  if (packet.protocol !== UDP) return false;
  return DHCP.some(({ family: of, client, server }) => {
    const [from, to] = packet.direction === 'in' ? [server, client] : [client, server];
    return family === of && packet.sourcePort === from && packet.port === to;
  });
}

function isIn(policy: HostFirewallPolicy, name: string, { peer }: HostPacket): boolean {
  const address = parseBlock(peer);
  const set = policy.sets.find((one) => one.name === name);
  return (
    set?.cidrs.some((cidr) => {
      const block = parseBlock(cidr);
      return block !== undefined && address !== undefined && contains(block, address);
    }) ?? false
  );
}

const NUMBER = { tcp: TCP, udp: UDP, sctp: 132 } as const;

function isOf(service: Service, packet: HostPacket): boolean {
  switch (service.protocol) {
    case 'tcp':
    case 'udp':
    case 'sctp':
      return (
        packet.protocol === NUMBER[service.protocol] &&
        (service.ports.length === 0 || service.ports.some((range) => isWithin(range, packet.port)))
      );
    case 'icmp':
    case 'icmpv6': {
      const [protocol, family] = service.protocol === 'icmp' ? [ICMP, 4] : [ICMPV6, 6];
      if (packet.protocol !== protocol || familyOf(packet) !== family) return false;
      // A code without a type says nothing (as in `core/policy`).
      if (service.type === undefined) return true;
      return packet.icmp?.type === service.type && (service.code === undefined || packet.icmp.code === service.code);
    }
    case 'ip':
      return packet.protocol === service.number;
  }
}

function isWithin(range: string, port: number): boolean {
  const [first = 0, last = first] = range.split('-').map(Number);
  return first <= port && port <= last;
}
