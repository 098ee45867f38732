import { readSync, writeSync } from 'node:fs';
import type { GatewayTuple } from '@hypervigil/contract';
import { addressBytes } from './address-bytes.ts';
import { answerOf, attribute, nested, netfilterMessage, openNetfilter, u16, u32 } from './netlink.ts';

/** linux/netfilter/nfnetlink_conntrack.h: subsystem 1, message 0. */
const CT_NEW = 0x100;
const CTA = { tuple: 1, mark: 8, zone: 18 } as const;
const TUPLE = { ip: 1, protocol: 2 } as const;
const IP = { 4: { src: 1, dst: 2 }, 16: { src: 3, dst: 4 } } as const;
const PROTOCOL = { number: 1, srcPort: 2, dstPort: 3 } as const;
const AF = { 4: 2, 16: 10 } as const;

/**
 * The message that gives a connection of TCP or UDP another mark. conntrack(8) can do it as well, but not in one zone alone,
 * and to start it takes as long as many packets.
 */
export function markMessage(tuple: GatewayTuple, mark: number, sequence: number): Buffer {
  const [src, dst] = [addressBytes(tuple.srcIp), addressBytes(tuple.dstIp)];
  const kind = src.length === 4 ? 4 : 16;
  const ip = nested(TUPLE.ip, [attribute(IP[kind].src, src), attribute(IP[kind].dst, dst)]);
  const protocol = nested(TUPLE.protocol, [
    attribute(PROTOCOL.number, Buffer.of(tuple.protocol)),
    attribute(PROTOCOL.srcPort, u16(tuple.srcPort)),
    attribute(PROTOCOL.dstPort, u16(tuple.dstPort)),
  ]);
  const attributes = [
    nested(CTA.tuple, [ip, protocol]),
    attribute(CTA.mark, u32(mark)),
    attribute(CTA.zone, u16(tuple.net)),
  ];
  return netfilterMessage({ type: CT_NEW, family: AF[kind], sequence, attributes });
}

export interface Marker {
  /** Sets a connection's mark; false when there is no such connection any more. */
  set(tuple: GatewayTuple, mark: number): boolean;
}

const ENOENT = -2;

export function openMarker(): Marker {
  const fd = openNetfilter({ blocks: false });
  const answer = Buffer.alloc(4096);
  let sequence = 0;
  return {
    set(tuple, mark) {
      sequence = (sequence + 1) % 2 ** 32;
      writeSync(fd, markMessage(tuple, mark, sequence));
      // The kernel answers within the call that sent the request.
      const error = answerOf(answer.subarray(0, readSync(fd, answer)));
      if (error === undefined) throw new Error('conntrack gave no answer');
      if (error !== 0 && error !== ENOENT) throw new Error(`conntrack refused a mark: error ${-error}`);
      return error === 0;
    },
  };
}
