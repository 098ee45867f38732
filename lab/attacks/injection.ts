import type { Attack, AttackContext, AttackResult } from '../src/attack.ts';
import {
  type Ends,
  ETHERTYPE,
  ethernetFrame,
  internetChecksum,
  ipv4Packet,
  ipv6Packet,
  PROTOCOL,
  transportChecksum,
  type Udp,
  u8,
  u16,
  u32,
  udpDatagram,
  udpFrame,
} from '../src/frames.ts';
import { frameText, honestAnswer, honestQuestion, sendForged, sendFrames } from '../src/tools.ts';
import { addressOf, type VmSpec } from '../src/vm/spec.ts';

const CLIENT_PORT = 4000;

/**
 * The attacker of other attacks asks the victim a question that is allowed, and is itself the target here: the stranger
 * sends it what pretends to belong to that.
 */
async function inject(
  { lab, cast }: AttackContext,
  marker: string,
  questions: readonly Uint8Array[],
  packets: Readonly<Record<string, Uint8Array>>,
): Promise<AttackResult> {
  const { attacker, stranger } = cast;
  await sendFrames(lab, attacker.name, questions, { times: 2, everyS: 0.05 });
  const link = { from: stranger.mac, to: attacker.mac };
  const kinds = Object.entries(packets).map(([kind, packet]) => {
    const type = packet[0]! >> 4 === 6 ? ETHERTYPE.ipv6 : ETHERTYPE.ipv4;
    return [kind, [ethernetFrame(link, type, packet)]];
  });
  const forged = { marker, from: stranger, to: attacker, kinds: Object.fromEntries(kinds) };
  return sendForged(lab, { ...forged, honest: honestAnswer(cast, marker) });
}

type Family = 'ipv4' | 'ipv6';

const endsOf = (source: VmSpec, target: VmSpec, family: Family): Ends => ({
  source: addressOf(source[family]),
  target: addressOf(target[family]),
});

export const icmpErrorInjection: Attack = {
  id: 'icmp-error-injection',
  title: 'Another tenant ends a connection that is not its own by a forged ICMP error about it',
  protects: 'errors about connections come from their ends',
  run(context) {
    const { attacker, stranger, victim, udpPort } = context.cast;
    const marker = 'hv-icmp-error';
    const asked = (family: Family, kind: string): Udp => {
      const data = frameText(marker, kind);
      return { ...endsOf(attacker, victim, family), sourcePort: CLIENT_PORT, targetPort: udpPort, data };
    };
    const unreachable = (kind: string, code: number) =>
      destinationUnreachable(endsOf(stranger, attacker, 'ipv4'), code, asked('ipv4', kind));
    const unreachable6 = (kind: string) => portUnreachable6(endsOf(stranger, attacker, 'ipv6'), asked('ipv6', kind));
    const link = { from: attacker.mac, to: victim.mac };
    const questions = [udpFrame(link, asked('ipv4', 'question')), udpFrame(link, asked('ipv6', 'question'))];
    return inject(context, marker, questions, {
      'port unreachable': unreachable('port unreachable', 3),
      'fragmentation needed': unreachable('fragmentation needed', 4),
      'IPv6 port unreachable': unreachable6('IPv6 port unreachable'),
    });
  },
};

/** RFC 792, about a datagram, of which it repeats more than it has to. */
function destinationUnreachable(ends: Ends, code: number, about: Udp): Buffer {
  const rest = Buffer.concat([u32(0), ipv4Packet(about, PROTOCOL.udp, udpDatagram(about))]);
  const sum = internetChecksum(Buffer.concat([u8(3), u8(code), u16(0), rest]));
  return ipv4Packet(ends, PROTOCOL.icmp, Buffer.concat([u8(3), u8(code), u16(sum), rest]));
}

/** RFC 4443, 3.1. */
function portUnreachable6(ends: Ends, about: Udp): Buffer {
  const rest = Buffer.concat([u32(0), ipv6Packet(about, PROTOCOL.udp, udpDatagram(about))]);
  const sum = transportChecksum(ends, PROTOCOL.icmp6, Buffer.concat([u8(1), u8(4), u16(0), rest]));
  return ipv6Packet(ends, PROTOCOL.icmp6, Buffer.concat([u8(1), u8(4), u16(sum), rest]));
}

export const udpReplyInjection: Attack = {
  id: 'udp-reply-injection',
  title: 'Another tenant answers a question that it was not asked',
  protects: 'answers come from who was asked',
  run(context) {
    const { attacker, stranger, udpPort } = context.cast;
    const marker = 'hv-udp-reply';
    const ends = endsOf(stranger, attacker, 'ipv4');
    const ports = { sourcePort: udpPort, targetPort: CLIENT_PORT };
    const answer = udpDatagram({ ...ends, ...ports, data: frameText(marker, 'answer') });
    const { frame } = honestQuestion(context.cast, marker);
    return inject(context, marker, [frame], { answer: ipv4Packet(ends, PROTOCOL.udp, answer) });
  },
};
