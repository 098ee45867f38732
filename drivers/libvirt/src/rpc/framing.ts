import { LibvirtError } from '../errors.ts';
import { MESSAGE_HEADER_MAX, MESSAGE_LEN_MAX, MESSAGE_MAX } from '../gen/net.ts';

const SMALLEST = MESSAGE_LEN_MAX + MESSAGE_HEADER_MAX;
const LARGEST = MESSAGE_LEN_MAX + MESSAGE_MAX;

/**
 * Cuts a byte stream into packets. A packet that lies whole in one chunk is a view of it; one that does not is
 * collected, and memory is taken as its bytes arrive, not as its length word promises.
 */
export class FrameSplitter {
  #parts: Buffer[] = [];
  #collected = 0;

  /** The packets that `chunk` completes, without their length words. */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let bytes = this.#collected > 0 ? this.#join(chunk) : chunk;
    while (bytes && bytes.length >= MESSAGE_LEN_MAX) {
      const length = frameLength(bytes);
      if (bytes.length < length) break;
      frames.push(bytes.subarray(MESSAGE_LEN_MAX, length));
      bytes = bytes.subarray(length);
    }
    if (bytes && bytes.length > 0) {
      this.#parts = [bytes];
      this.#collected = bytes.length;
    }
    return frames;
  }

  /** The collected bytes with `chunk`, or nothing while they do not complete a packet. */
  #join(chunk: Buffer): Buffer | undefined {
    this.#parts.push(chunk);
    this.#collected += chunk.length;
    if (this.#parts[0]!.length < MESSAGE_LEN_MAX) this.#parts = [Buffer.concat(this.#parts)];
    const first = this.#parts[0]!;
    if (first.length < MESSAGE_LEN_MAX || this.#collected < frameLength(first)) return undefined;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#collected = 0;
    return whole;
  }
}

function frameLength(bytes: Buffer): number {
  const length = bytes.readUInt32BE(0);
  if (length < SMALLEST || length > LARGEST)
    throw new LibvirtError('bad-message', `the peer announced a message of ${length} bytes; is it a libvirt daemon?`);
  return length;
}
