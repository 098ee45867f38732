import type { Attack } from '../src/attack.ts';
import {
  type Ends,
  ETHERTYPE,
  ethernetFrame,
  ipv4Packet,
  ipv6Packet,
  PROTOCOL,
  u8,
  u16,
  u32,
  udpDatagram,
} from '../src/frames.ts';
import { tcpSegment } from '../src/odd-frames.ts';
import { frameText, honestQuestion, sendForged } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';

/** Not allowed to anybody. */
const DENIED = 4001;
const MORE = 0x2000;
const FRAGMENT_HEADER = 44;
/** All that a first fragment needs to hold (RFC 791, 3.2): of TCP no flags, of UDP no data. */
const LEAST = 8;

export const fragments: Attack = {
  id: 'fragments',
  title: 'A VM hides a forbidden port in fragments: tiny ones, overlapping ones, later ones alone',
  protects: 'fragments end',
  run(context) {
    const { attacker, victim, udpPort } = context.cast;
    const marker = 'hv-fragments';
    const link = { from: attacker.mac, to: victim.mac };
    const four = { source: addressOf(attacker.ipv4), target: addressOf(victim.ipv4) };
    const six = { source: addressOf(attacker.ipv6), target: addressOf(victim.ipv6) };
    const datagram = (ends: Ends, kind: string, targetPort = DENIED) =>
      udpDatagram({ ...ends, sourcePort: 4000, targetPort, data: frameText(marker, kind) });
    const part4 = (protocol: number, bytes: Uint8Array, offset: number, more: boolean) =>
      ethernetFrame(link, ETHERTYPE.ipv4, ipv4Packet(four, protocol, bytes, (more ? MORE : 0) | (offset / 8)));
    const part6 = (bytes: Uint8Array, offset: number, more: boolean) => {
      const header = [u8(PROTOCOL.udp), u8(0), u16(offset | (more ? 1 : 0)), u32(0x4856)];
      const packet = ipv6Packet(six, FRAGMENT_HEADER, Buffer.concat([...header, bytes]));
      return ethernetFrame(link, ETHERTYPE.ipv6, packet);
    };
    const segment = tcpSegment({
      ...four,
      sourcePort: 4000,
      targetPort: DENIED,
      flags: ['syn'],
      data: frameText(marker, 'tiny'),
    });
    const honest = datagram(four, 'allowed first', udpPort);
    const overlap = datagram(four, 'overlapping');
    const late = datagram(four, 'later');
    const split = datagram(six, 'IPv6 tiny');
    const kinds = {
      tiny: [
        part4(PROTOCOL.tcp, segment.subarray(0, LEAST), 0, true),
        part4(PROTOCOL.tcp, segment.subarray(LEAST), LEAST, false),
      ],
      // The first one is for a port that is allowed; the second is the same part of the packet, for another port.
      overlapping: [part4(PROTOCOL.udp, honest.subarray(0, 16), 0, true), part4(PROTOCOL.udp, overlap, 0, false)],
      later: [part4(PROTOCOL.udp, late.subarray(LEAST), LEAST, false)],
      'IPv6 tiny': [part6(split.subarray(0, LEAST), 0, true), part6(split.subarray(LEAST), LEAST, false)],
      // A fragment header on a packet that is whole (RFC 6946).
      'IPv6 atomic': [part6(datagram(six, 'IPv6 atomic'), 0, false)],
    };
    return sendForged(context.lab, {
      marker,
      from: attacker,
      to: victim,
      kinds,
      honest: honestQuestion(context.cast, marker),
    });
  },
};
