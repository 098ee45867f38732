import type { Attack } from '../src/attack.ts';
import { ETHERTYPE, ethernetFrame, ipv4Packet, PROTOCOL, u16, udpDatagram } from '../src/frames.ts';
import { frameText, honestQuestion, sendForged } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';

/** IEEE 802: provider bridges, MPLS, PPP over Ethernet, local experiments. */
const TYPES = { serviceTag: 0x88a8, mpls: 0x8847, pppoe: 0x8864, experiment: 0x88b5 } as const;
/** Logical link control for IP in a SNAP header (RFC 1042), and for nothing that IP stacks know. */
const SNAP_IPV4 = Buffer.from([0xaa, 0xaa, 0x03, 0, 0, 0, 0x08, 0]);
const LLC = Buffer.from([0x42, 0x42, 0x03]);

export const foreignFrames: Attack = {
  id: 'foreign-frames',
  title: 'Another tenant talks past the rules in frames that are not plain IP: tagged, 802.3, of unknown types',
  protects: 'only plain IP, ARP and their like',
  run(context) {
    const { stranger, victim } = context.cast;
    const marker = 'hv-foreign';
    const link = { from: stranger.mac, to: victim.mac };
    const ends = { source: addressOf(stranger.ipv4), target: addressOf(victim.ipv4) };
    const packet = (kind: string) => {
      const data = frameText(marker, kind);
      return ipv4Packet(ends, PROTOCOL.udp, udpDatagram({ ...ends, sourcePort: 4000, targetPort: 4001, data }));
    };
    const inLlc = (header: Buffer, kind: string) => {
      const payload = Buffer.concat([header, packet(kind)]);
      return [ethernetFrame(link, payload.length, payload)];
    };
    const tagged = (kind: string) => Buffer.concat([u16(0), u16(ETHERTYPE.ipv4), packet(kind)]);
    const kinds = {
      // VLAN 0 is a priority and no network (IEEE 802.1Q, 9.6): hosts take the packet as if there were no tag.
      'priority tag': [ethernetFrame({ ...link, vlan: 0 }, ETHERTYPE.ipv4, packet('priority tag'))],
      'two tags': [ethernetFrame({ ...link, vlan: 0 }, ETHERTYPE.vlan, tagged('two tags'))],
      'service tag': [ethernetFrame(link, TYPES.serviceTag, tagged('service tag'))],
      SNAP: inLlc(SNAP_IPV4, 'SNAP'),
      LLC: inLlc(LLC, 'LLC'),
      MPLS: [ethernetFrame(link, TYPES.mpls, Buffer.concat([Buffer.from([0, 1, 1, 64]), packet('MPLS')]))],
      PPPoE: [
        ethernetFrame(
          link,
          TYPES.pppoe,
          Buffer.concat([Buffer.from([0x11, 0, 0, 1, 0, 40, 0, 0x21]), packet('PPPoE')]),
        ),
      ],
      'unknown type': [ethernetFrame(link, TYPES.experiment, Buffer.from(frameText(marker, 'unknown type')))],
    };
    return sendForged(context.lab, {
      marker,
      from: stranger,
      to: victim,
      kinds,
      honest: honestQuestion(context.cast, marker),
    });
  },
};
