import ffi from 'node:ffi';
import { readSync, writeSync } from 'node:fs';
import type { GatewayTuple } from '@hypervigil/contract';
import { addressBytes } from './address-bytes.ts';

/** socket(2), netlink(7). */
const AF_NETLINK = 16;
const SOCK_RAW_NONBLOCK_CLOEXEC = 3 + 0o4000 + 0o2000000;
const NETLINK_NETFILTER = 12;

/** linux/netfilter/nfnetlink_conntrack.h: subsystem 1, message 0; request and acknowledge. */
const CT_NEW = 0x100;
const REQUEST_ACK = 0x5;
const NESTED = 0x8000;
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
  const body = Buffer.concat([
    Buffer.of(AF[kind], 0, 0, 0),
    nested(CTA.tuple, [ip, protocol]),
    attribute(CTA.mark, u32(mark)),
    attribute(CTA.zone, u16(tuple.net)),
  ]);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + body.length, 0);
  header.writeUInt16LE(CT_NEW, 4);
  header.writeUInt16LE(REQUEST_ACK, 6);
  header.writeUInt32LE(sequence, 8);
  return Buffer.concat([header, body]);
}

/** Length and type in this machine's order, numbers inside in network order; each ends on a multiple of four bytes. */
function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16LE(4 + value.length, 0);
  bytes.writeUInt16LE(type, 2);
  value.copy(bytes, 4);
  return bytes;
}

const nested = (type: number, parts: readonly Buffer[]) => attribute(type + NESTED, Buffer.concat(parts));

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export interface Marker {
  /** Sets a connection's mark; false when there is no such connection any more. */
  set(tuple: GatewayTuple, mark: number): boolean;
}

const NLMSG_ERROR = 2;
const ENOENT = -2;

export function openMarker(): Marker {
  const { functions: libc } = ffi.dlopen(null, {
    socket: { arguments: ['int32', 'int32', 'int32'], return: 'int32' },
  });
  const fd = libc.socket(AF_NETLINK, SOCK_RAW_NONBLOCK_CLOEXEC, NETLINK_NETFILTER);
  if (fd < 0) throw new Error('the kernel has no netlink for conntrack');
  const answer = Buffer.alloc(4096);
  let sequence = 0;
  return {
    set(tuple, mark) {
      sequence = (sequence + 1) % 2 ** 32;
      writeSync(fd, markMessage(tuple, mark, sequence));
      // The kernel answers within the call that sent the request.
      const length = readSync(fd, answer);
      if (length < 20 || answer.readUInt16LE(4) !== NLMSG_ERROR) throw new Error('conntrack gave no answer');
      const error = answer.readInt32LE(16);
      if (error !== 0 && error !== ENOENT) throw new Error(`conntrack refused a mark: error ${-error}`);
      return error === 0;
    },
  };
}
