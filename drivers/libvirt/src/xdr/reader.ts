import { LibvirtError } from '../errors.ts';

/** Reads XDR (RFC 4506) from bytes that a peer sent. Every length is compared with what is left before it is used. */
export class XdrReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  int(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  uint(): number {
    return this.#bytes.readUInt32BE(this.#advance(4));
  }

  hyper(): bigint {
    return this.#bytes.readBigInt64BE(this.#advance(8));
  }

  uhyper(): bigint {
    return this.#bytes.readBigUInt64BE(this.#advance(8));
  }

  /** A 64-bit integer as the nearest double: exact up to 2^53, which suffices for counters and sizes. */
  hyperNumber(): number {
    const at = this.#advance(8);
    return this.#bytes.readInt32BE(at) * 0x1_0000_0000 + this.#bytes.readUInt32BE(at + 4);
  }

  uhyperNumber(): number {
    const at = this.#advance(8);
    return this.#bytes.readUInt32BE(at) * 0x1_0000_0000 + this.#bytes.readUInt32BE(at + 4);
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.#advance(8));
  }

  /** RFC 4506, 4.4: only 0 and 1 are booleans. */
  bool(): boolean {
    const value = this.uint();
    if (value > 1) throw bad(`a boolean of value ${value}`);
    return value === 1;
  }

  string(max: number): string {
    const length = this.length(max);
    const at = this.#advance(padded(length));
    return this.#bytes.toString('utf8', at, at + length);
  }

  opaque(max: number): Buffer {
    return this.bytes(this.length(max));
  }

  /** A copy: the message's own memory is used again. */
  bytes(length: number): Buffer {
    const at = this.#advance(padded(length));
    return Buffer.from(this.#bytes.subarray(at, at + length));
  }

  /** The count of an array whose elements take at least `elementSize` bytes each. */
  length(max: number, elementSize = 1): number {
    const length = this.uint();
    if (length > max) throw bad(`a length of ${length}, above the limit ${max}`);
    if (length * elementSize > this.remaining) throw bad(`a length of ${length} with ${this.remaining} bytes left`);
    return length;
  }

  /** What is left, as it is: a view of the message. */
  rest(): Buffer {
    return this.#bytes.subarray(this.#advance(this.remaining));
  }

  end(): void {
    if (this.remaining > 0) throw bad(`${this.remaining} bytes after its end`);
  }

  #advance(size: number): number {
    const at = this.#offset;
    if (size > this.#bytes.length - at) throw bad(`an end where ${size} more bytes should be`);
    this.#offset = at + size;
    return at;
  }
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function bad(what: string): LibvirtError {
  return new LibvirtError('bad-message', `the peer sent a message with ${what}`);
}
