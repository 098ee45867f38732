import { LibvirtError } from '../errors.ts';
import { MESSAGE_HEADER_MAX, MESSAGE_LEN_MAX, MESSAGE_MAX } from '../gen/net.ts';

const SMALLEST = MESSAGE_LEN_MAX + MESSAGE_HEADER_MAX;
const LARGEST = MESSAGE_LEN_MAX + MESSAGE_MAX;

/**
 * Cuts a byte stream into packets. A packet that lies whole in one chunk is a view of it; one that does not is
 * collected in memory that grows as its bytes arrive, not as its length word promises.
 */
export class FrameSplitter {
  #memory = Buffer.alloc(0);
  /** How much of the memory is the beginning of a packet. */
  #kept = 0;

  /** The packets that `chunk` completes, without their length words. */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    const bytes = this.#kept > 0 ? this.#append(chunk) : chunk;
    let at = 0;
    while (bytes.length - at >= MESSAGE_LEN_MAX) {
      const end = at + frameLength(bytes, at);
      if (bytes.length < end) break;
      frames.push(bytes.subarray(at + MESSAGE_LEN_MAX, end));
      at = end;
    }
    this.#kept = bytes.length - at;
    // Packets handed out may be views of the memory, and the chunk is its sender's.
    if (at > 0 || bytes === chunk) this.#memory = Buffer.from(bytes.subarray(at));
    return frames;
  }

  #append(chunk: Buffer): Buffer {
    const size = this.#kept + chunk.length;
    if (size > this.#memory.length) {
      const larger = Buffer.allocUnsafe(Math.max(size, 2 * this.#memory.length));
      this.#memory.copy(larger, 0, 0, this.#kept);
      this.#memory = larger;
    }
    chunk.copy(this.#memory, this.#kept);
    return this.#memory.subarray(0, size);
  }
}

function frameLength(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at);
  if (length < SMALLEST || length > LARGEST)
    throw new LibvirtError('bad-message', `the peer announced a message of ${length} bytes; is it a libvirt daemon?`);
  return length;
}
