import fc from 'fast-check';
import { linkLocal } from '../address.ts';
import { type Packet, PROTOCOL } from '../packet.ts';
import { macOf } from './ids.ts';

const V4 = [
  '10.0.1.1',
  '10.0.1.2',
  '10.0.1.3',
  '10.0.1.4',
  '10.0.1.5',
  '10.0.1.6',
  '10.9.9.9',
  '192.0.2.7',
  '203.0.113.9',
];
const V6 = [
  '2001:db8:1::1',
  '2001:db8:1::2',
  '2001:db8:1::3',
  '2001:db8:1::4',
  '2001:db8:9::9',
  linkLocal(macOf(1)),
  linkLocal(macOf(2)),
];

export const packet: fc.Arbitrary<Packet> = fc
  .record({
    network: fc.constantFrom(1, 1, 1, 2),
    six: fc.constantFrom(false, false, true),
    src: fc.nat(),
    dst: fc.nat(),
    service: fc.constantFrom<Omit<Packet, 'network' | 'src' | 'dst'>>(
      { protocol: PROTOCOL.tcp, port: 80 },
      { protocol: PROTOCOL.tcp, port: 8042 },
      { protocol: PROTOCOL.tcp, port: 22 },
      { protocol: PROTOCOL.udp, port: 53 },
      { protocol: PROTOCOL.udp, port: 1 },
      { protocol: PROTOCOL.sctp, port: 80 },
      { protocol: 47 },
    ),
    echo: fc.constantFrom(false, false, true),
  })
  .map(({ network, six, src, dst, service, echo }) => {
    const pool = six ? V6 : V4;
    const ends = { network, src: pool[src % pool.length]!, dst: pool[dst % pool.length]! };
    if (!echo) return { ...ends, ...service };
    const [protocol, type] = six ? [PROTOCOL.icmpv6, 128] : [PROTOCOL.icmp, 8];
    return { ...ends, protocol, icmp: { type, code: 0 } };
  });
