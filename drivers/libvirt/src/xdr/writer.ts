import { LibvirtError } from '../errors.ts';

/** Writes XDR (RFC 4506) into a buffer that grows up to `limit` bytes. */
export class XdrWriter {
  readonly #limit: number;
  #bytes: Buffer;
  #offset = 0;

  constructor(limit: number, initial = 512) {
    this.#limit = limit;
    this.#bytes = Buffer.allocUnsafe(Math.min(initial, limit));
  }

  get length(): number {
    return this.#offset;
  }

  int(value: number): void {
    const at = this.#advance(4);
    this.#bytes.writeInt32BE(value, at);
  }

  uint(value: number): void {
    const at = this.#advance(4);
    this.#bytes.writeUInt32BE(value, at);
  }

  hyper(value: bigint): void {
    const at = this.#advance(8);
    this.#bytes.writeBigInt64BE(value, at);
  }

  uhyper(value: bigint): void {
    const at = this.#advance(8);
    this.#bytes.writeBigUInt64BE(value, at);
  }

  double(value: number): void {
    const at = this.#advance(8);
    this.#bytes.writeDoubleBE(value, at);
  }

  bool(value: boolean): void {
    this.uint(value ? 1 : 0);
  }

  string(value: string, max: number): void {
    const length = Buffer.byteLength(value);
    this.count(length, max);
    const at = this.#advance(padded(length));
    this.#bytes.write(value, at, length, 'utf8');
    this.#bytes.fill(0, at + length, this.#offset);
  }

  opaque(value: Uint8Array, max: number): void {
    this.count(value.length, max);
    this.bytes(value);
  }

  bytes(value: Uint8Array): void {
    const at = this.#advance(padded(value.length));
    this.#bytes.set(value, at);
    this.#bytes.fill(0, at + value.length, this.#offset);
  }

  /** The count in front of a string, an opaque or an array. */
  count(value: number, max: number): void {
    if (value > max) throw new LibvirtError('bad-argument', `${value} bytes or elements, where ${max} are allowed`);
    this.uint(value);
  }

  /** Bytes without count or padding: the payload of a stream packet. */
  raw(value: Uint8Array): void {
    const at = this.#advance(value.length);
    this.#bytes.set(value, at);
  }

  patchUint(value: number, at: number): void {
    this.#bytes.writeUInt32BE(value, at);
  }

  /** What was written. Write no more afterwards: the memory is shared. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#offset);
  }

  #advance(size: number): number {
    const at = this.#offset;
    const end = at + size;
    if (end > this.#bytes.length) this.#grow(end);
    this.#offset = end;
    return at;
  }

  #grow(needed: number): void {
    if (needed > this.#limit)
      throw new LibvirtError('message-too-large', `the call needs more than libvirt's ${this.#limit} bytes`);
    const grown = Buffer.allocUnsafe(Math.min(this.#limit, Math.max(needed, this.#bytes.length * 2)));
    this.#bytes.copy(grown, 0, 0, this.#offset);
    this.#bytes = grown;
  }
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
