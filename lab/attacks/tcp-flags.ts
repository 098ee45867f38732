import type { Attack } from '../src/attack.ts';
import { ETHERTYPE, ethernetFrame, ipv4Packet, PROTOCOL } from '../src/frames.ts';
import { type TcpFlag, tcpSegment } from '../src/odd-frames.ts';
import { frameText, honestQuestion, sendForged } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';

/** What scanners send where a SYN would be refused. */
const SCANS: Readonly<Record<string, readonly TcpFlag[]>> = {
  ACK: ['ack'],
  FIN: ['fin'],
  nothing: [],
  'all at once': ['fin', 'psh', 'urg'],
  'SYN and FIN': ['syn', 'fin'],
  'SYN and ACK': ['syn', 'ack'],
  RST: ['rst'],
};

export const tcpFlags: Attack = {
  id: 'tcp-flags',
  title: 'Another tenant scans a web server with segments that begin no connection',
  protects: 'tenant isolation, whatever the flags',
  run(context) {
    const { stranger, victim, httpPort } = context.cast;
    const marker = 'hv-tcp-flags';
    const link = { from: stranger.mac, to: victim.mac };
    const ends = { source: addressOf(stranger.ipv4), target: addressOf(victim.ipv4) };
    const kinds = Object.entries(SCANS).map(([kind, flags], n) => {
      const data = frameText(marker, kind);
      const segment = tcpSegment({ ...ends, sourcePort: 4100 + n, targetPort: httpPort, flags, data });
      return [kind, [ethernetFrame(link, ETHERTYPE.ipv4, ipv4Packet(ends, PROTOCOL.tcp, segment))]];
    });
    const honest = honestQuestion(context.cast, marker);
    return sendForged(context.lab, { marker, from: stranger, to: victim, kinds: Object.fromEntries(kinds), honest });
  },
};
