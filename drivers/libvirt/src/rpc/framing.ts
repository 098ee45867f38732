import { LibvirtError } from '../errors.ts';
import { MESSAGE_HEADER_MAX, MESSAGE_LEN_MAX, MESSAGE_MAX } from '../gen/net.ts';

const SMALLEST = MESSAGE_LEN_MAX + MESSAGE_HEADER_MAX;
const LARGEST = MESSAGE_LEN_MAX + MESSAGE_MAX;

/**
 * Cuts a byte stream into packets. A packet that lies whole in one chunk is a view of it; one that does not is
 * collected in copies, and memory is taken as its bytes arrive, not as its length word promises.
 */
export class FrameSplitter {
  #parts: Buffer[] = [];
  #collected = 0;

  /** The packets that `chunk` completes, without their length words. */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    const bytes = this.#collected > 0 ? this.#join(chunk) : chunk;
    if (!bytes) return frames;
    let at = 0;
    while (bytes.length - at >= MESSAGE_LEN_MAX) {
      const end = at + frameLength(bytes, at);
      if (bytes.length < end) break;
      frames.push(bytes.subarray(at + MESSAGE_LEN_MAX, end));
      at = end;
    }
    if (at < bytes.length) {
      this.#parts = [Buffer.from(bytes.subarray(at))];
      this.#collected = bytes.length - at;
    }
    return frames;
  }

  /** The collected bytes with `chunk`, or nothing while they do not complete a packet. */
  #join(chunk: Buffer): Buffer | undefined {
    this.#parts.push(Buffer.from(chunk));
    this.#collected += chunk.length;
    if (this.#parts[0]!.length < MESSAGE_LEN_MAX) this.#parts = [Buffer.concat(this.#parts)];
    const first = this.#parts[0]!;
    if (first.length < MESSAGE_LEN_MAX || this.#collected < frameLength(first, 0)) return undefined;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#collected = 0;
    return whole;
  }
}

function frameLength(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at);
  if (length < SMALLEST || length > LARGEST)
    throw new LibvirtError('bad-message', `the peer announced a message of ${length} bytes; is it a libvirt daemon?`);
  return length;
}
