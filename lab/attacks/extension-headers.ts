import type { Attack } from '../src/attack.ts';
import {
  ALL_NODES_MAC,
  ETHERTYPE,
  ethernetFrame,
  ipv6Packet,
  PROTOCOL,
  routerAdvertisement,
  udpDatagram,
} from '../src/frames.ts';
import { behindHeaders } from '../src/odd-frames.ts';
import { frameText, honestQuestion, sendForged } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { advertise, linkLocalOf, ROGUE_PREFIX } from './rogue-ra.ts';

/** Not allowed to anybody. */
const DENIED = 4001;
const CHAINS = {
  'hop by hop': ['hopByHop'],
  'destination options': ['destinationOptions'],
  routing: ['routing'],
  'all of them': ['hopByHop', 'destinationOptions', 'routing', 'destinationOptions'],
  'a long chain': ['hopByHop', ...Array<'destinationOptions'>(12).fill('destinationOptions')],
} as const;

export const extensionHeaders: Attack = {
  id: 'extension-headers',
  title: 'A VM hides a forbidden port behind IPv6 extension headers',
  protects: 'rules see through extension headers',
  run(context) {
    const { attacker, victim } = context.cast;
    const marker = 'hv-extensions';
    const ends = { source: addressOf(attacker.ipv6), target: addressOf(victim.ipv6) };
    const kinds = Object.entries(CHAINS).map(([kind, chain]) => {
      const data = frameText(marker, kind);
      const datagram = udpDatagram({ ...ends, sourcePort: 4000, targetPort: DENIED, data });
      const { first, bytes } = behindHeaders(chain, PROTOCOL.udp, datagram);
      const link = { from: attacker.mac, to: victim.mac };
      return [kind, [ethernetFrame(link, ETHERTYPE.ipv6, ipv6Packet(ends, first, bytes))]];
    });
    const honest = honestQuestion(context.cast, marker);
    return sendForged(context.lab, { marker, from: attacker, to: victim, kinds: Object.fromEntries(kinds), honest });
  },
};

/** What many router advertisement guards do not look behind (RFC 7113, 2.1). */
export const hiddenRa: Attack = {
  id: 'hidden-ra',
  title: 'A VM makes itself the IPv6 router of the others, behind destination options',
  protects: 'router advertisement guard',
  run(context) {
    const { mac } = context.cast.attacker;
    const { ends, message } = routerAdvertisement(linkLocalOf(mac), ROGUE_PREFIX);
    const { first, bytes } = behindHeaders(['destinationOptions', 'destinationOptions'], PROTOCOL.icmp6, message);
    return advertise(
      context,
      ethernetFrame({ from: mac, to: ALL_NODES_MAC }, ETHERTYPE.ipv6, ipv6Packet(ends, first, bytes)),
    );
  },
};
