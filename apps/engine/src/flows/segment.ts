import { crc32 } from 'node:zlib';

/**
 * A segment file of the spool: frames one after the other, each `length u32 · crc32 u32 · body`, big-endian.
 * A frame that a crash cut short, and all that would follow it, are not part of the segment.
 */
export const FRAME_HEADER_BYTES = 8;
/** 10,000 records of a batch are about 4 MB of JSON. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

export interface Frame {
  /** Of the header, from the beginning of the file. */
  readonly offset: number;
  readonly body: Buffer;
}

export function encodeFrame(body: Buffer): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt32BE(body.length, 0);
  header.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([header, body]);
}

/** Every whole frame from the beginning; stops at the first one that is cut short or damaged. Never throws. */
export function* decodeFrames(segment: Buffer): Generator<Frame> {
  let offset = 0;
  while (offset + FRAME_HEADER_BYTES <= segment.length) {
    const length = segment.readUInt32BE(offset);
    const start = offset + FRAME_HEADER_BYTES;
    if (length > MAX_BODY_BYTES || start + length > segment.length) return;
    const body = segment.subarray(start, start + length);
    if (crc32(body) !== segment.readUInt32BE(offset + 4)) return;
    yield { offset, body };
    offset = start + length;
  }
}
