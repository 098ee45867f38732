import { OvsError } from '../errors.ts';

/** OpenFlow 1.5 on the wire. */
export const version = 0x06;

/** OFPT_* (OpenFlow 1.5.1, 7.1.1) that this driver sends or reads. */
export const messageType = {
  hello: 0,
  error: 1,
  echoRequest: 2,
  echoReply: 3,
  featuresRequest: 5,
  featuresReply: 6,
  setConfig: 9,
  packetIn: 10,
  packetOut: 13,
  flowMod: 14,
  multipartRequest: 18,
  multipartReply: 19,
  barrierRequest: 20,
  barrierReply: 21,
  meterMod: 29,
  bundleControl: 33,
  bundleAdd: 34,
} as const;

export const headerLength = 8;

export interface Message {
  readonly version: number;
  readonly type: number;
  /** Transaction id: an answer has that of its question. */
  readonly xid: number;
  readonly body: Buffer;
}

export function encodeMessage(type: number, xid: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const length = headerLength + body.length;
  if (length > 0xffff) throw new OvsError('too-large', `An OpenFlow message has at most 65535 bytes, not ${length}.`);
  const out = Buffer.allocUnsafe(length);
  out.writeUInt8(version, 0);
  out.writeUInt8(type, 1);
  out.writeUInt16BE(length, 2);
  out.writeUInt32BE(xid, 4);
  body.copy(out, headerLength);
  return out;
}

export interface MessageFramer {
  /** Takes bytes as they came and returns the messages they completed. Throws `protocol`; then stop. */
  push(bytes: Buffer): Message[];
}

/** What is held is bounded: a length has sixteen bits. */
export function createMessageFramer(): MessageFramer {
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** Bytes until the present message is complete, as far as known. */
  let needed = headerLength;

  return {
    push(bytes) {
      held.push(bytes);
      heldBytes += bytes.length;
      if (heldBytes < needed) return [];
      const all = held.length === 1 ? bytes : Buffer.concat(held);
      const messages: Message[] = [];
      let offset = 0;
      for (needed = neededAt(all, 0); all.length - offset >= needed; needed = neededAt(all, offset)) {
        messages.push({
          version: all.readUInt8(offset),
          type: all.readUInt8(offset + 1),
          xid: all.readUInt32BE(offset + 4),
          body: all.subarray(offset + headerLength, offset + needed),
        });
        offset += needed;
      }
      held = offset < all.length ? [all.subarray(offset)] : [];
      heldBytes = all.length - offset;
      return messages;
    },
  };
}

function neededAt(bytes: Buffer, offset: number): number {
  if (bytes.length - offset < headerLength) return headerLength;
  const length = bytes.readUInt16BE(offset + 2);
  if (length < headerLength) throw new OvsError('protocol', `The switch sent an OpenFlow message of ${length} bytes.`);
  return length;
}
