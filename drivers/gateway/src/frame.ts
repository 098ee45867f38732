import { crc32 } from 'node:zlib';
import { GatewayLinkError } from './errors.ts';

/**
 * ```
 *  0      4        8       12
 *  ┌──────┬────────┬───────┬──────────────┐
 *  │ HVG1 │ length │ crc32 │ payload      │   numbers big-endian, of the payload
 *  └──────┴────────┴───────┴──────────────┘
 * ```
 *
 * A virtio-serial port is one endless stream, whoever comes and goes at its ends: who connects may meet the second half of
 * a frame. So a decoder looks for the next header whose payload has the right checksum, and passes over all else.
 */
export const HEADER_BYTES = 12;

const MAGIC = Buffer.from('HVG1');

export function encodeFrame(payload: Uint8Array, maxBytes: number): Buffer {
  if (payload.length > maxBytes)
    throw new GatewayLinkError('too-large', `A frame of ${payload.length} bytes; the other side takes ${maxBytes}`);
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(payload.length, 4);
  header.writeUInt32BE(crc32(payload), 8);
  return Buffer.concat([header, payload]);
}

export interface FrameEvents {
  /** A whole payload; it is the receiver's to keep. */
  readonly onFrame: (payload: Buffer) => void;
  /** Bytes that belong to no frame. */
  readonly onSkipped?: (bytes: number) => void;
}

export interface FrameDecoder {
  push(chunk: Uint8Array): void;
  /** Forgets what has come of a frame: its rest will not. */
  reset(): void;
}

/** Holds at most one frame of `maxBytes`; a header that promises more is no header. */
export function createFrameDecoder(maxBytes: number, { onFrame, onSkipped = () => {} }: FrameEvents): FrameDecoder {
  let chunks: Buffer[] = [];
  let size = 0;
  /** Nothing can be said before so many bytes are there. */
  let wanted = HEADER_BYTES;

  function drain(): void {
    let bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
    let skipped = 0;
    wanted = HEADER_BYTES;
    while (bytes.length >= HEADER_BYTES) {
      const length = payloadLength(bytes, maxBytes);
      if (length !== undefined && bytes.length < HEADER_BYTES + length) {
        wanted = HEADER_BYTES + length;
        break;
      }
      const payload = length === undefined ? undefined : bytes.subarray(HEADER_BYTES, HEADER_BYTES + length);
      if (payload && crc32(payload) === bytes.readUInt32BE(8)) {
        bytes = bytes.subarray(HEADER_BYTES + payload.length);
        onFrame(payload);
      } else {
        const next = nextMagic(bytes);
        skipped += next;
        bytes = bytes.subarray(next);
      }
    }
    chunks = bytes.length === 0 ? [] : [bytes];
    size = bytes.length;
    if (skipped > 0) onSkipped(skipped);
  }

  return {
    push(chunk) {
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
      if (size >= wanted) drain();
    },
    reset() {
      if (size > 0) onSkipped(size);
      chunks = [];
      size = 0;
      wanted = HEADER_BYTES;
    },
  };
}

function payloadLength(bytes: Buffer, maxBytes: number): number | undefined {
  if (MAGIC.compare(bytes, 0, MAGIC.length) !== 0) return undefined;
  const length = bytes.readUInt32BE(4);
  return length <= maxBytes ? length : undefined;
}

/** Where a header may begin behind the first byte; the last bytes may be its first. */
function nextMagic(bytes: Buffer): number {
  const at = bytes.indexOf(MAGIC, 1);
  return at < 0 ? Math.max(1, bytes.length - MAGIC.length + 1) : at;
}
