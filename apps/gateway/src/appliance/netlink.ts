import ffi from 'node:ffi';

/** socket(2), netlink(7). */
const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 + 0o2000000;
const SOCK_NONBLOCK = 0o4000;
const NETLINK_NETFILTER = 12;
const [REQUEST, ACKNOWLEDGE, DUMP] = [1, 4, 0x300];
const NESTED = 0x8000;
/** The two high bits of an attribute's type say that it is nested, or in network order. */
const TYPE_MASK = 0x3fff;
const HEADER_BYTES = 16;
const NFGENMSG_BYTES = 4;
/** Where attributes begin in a message of netfilter. */
export const ATTRIBUTES_AT = HEADER_BYTES + NFGENMSG_BYTES;

interface NetfilterMessage {
  /** Subsystem and message (linux/netfilter/nfnetlink.h). */
  readonly type: number;
  readonly family: number;
  /** Of a queue. */
  readonly resource?: number;
  readonly sequence: number;
  readonly attributes: readonly Buffer[];
  /** Whether the kernel is to say that it was done: it says in any case when it was not. */
  readonly acknowledge?: boolean;
  /** Whether all that there is of a kind is asked for, in as many answers as it takes. */
  readonly dump?: boolean;
}

/** A request to netfilter. */
export function netfilterMessage(message: NetfilterMessage): Buffer {
  const { type, family, resource = 0, sequence, attributes, acknowledge = true, dump = false } = message;
  const body = Buffer.concat([Buffer.of(family, 0), u16(resource), ...attributes]);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(HEADER_BYTES + body.length, 0);
  header.writeUInt16LE(type, 4);
  header.writeUInt16LE(REQUEST + (dump ? DUMP : acknowledge ? ACKNOWLEDGE : 0), 6);
  header.writeUInt32LE(sequence, 8);
  return Buffer.concat([header, body]);
}

/** Length and type in this machine's order, numbers inside in network order; each ends on a multiple of four bytes. */
export function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16LE(4 + value.length, 0);
  bytes.writeUInt16LE(type, 2);
  value.copy(bytes, 4);
  return bytes;
}

export const nested = (type: number, parts: readonly Buffer[]) => attribute(type + NESTED, Buffer.concat(parts));

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The first of each type counts; where one does not fit, it and what follows is left out. */
export function attributesOf(bytes: Buffer, from: number): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = from; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    if (length < 4 || at + length > bytes.length) break;
    const type = bytes.readUInt16LE(at + 2) & TYPE_MASK;
    if (!found.has(type)) found.set(type, bytes.subarray(at + 4, at + length));
    at += (length + 3) & ~3;
  }
  return found;
}

/** A VLAN is told as an attribute of its own attributes. */
const VLAN_TCI = 2;
export function vlanOf(attributes: Buffer | undefined): number | null {
  const tci = attributes && attributesOf(attributes, 0).get(VLAN_TCI);
  return tci && tci.length >= 2 ? tci.readUInt16BE(0) & 0xfff : null;
}

const NLMSG_ERROR = 2;

/** The error that a message tells, 0 for an acknowledgement; undefined for a message that is no answer. */
export const answerOf = (message: Buffer): number | undefined =>
  message.length >= ATTRIBUTES_AT && message.readUInt16LE(4) === NLMSG_ERROR ? message.readInt32LE(16) : undefined;

/** A socket to netfilter; who reads from one that `blocks` waits until the kernel has something to say. */
export function openNetfilter({ blocks }: { readonly blocks: boolean }): number {
  const { functions: libc } = ffi.dlopen(null, {
    socket: { arguments: ['int32', 'int32', 'int32'], return: 'int32' },
  });
  const fd = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC + (blocks ? 0 : SOCK_NONBLOCK), NETLINK_NETFILTER);
  if (fd < 0) throw new Error('the kernel has no netlink for netfilter');
  return fd;
}
