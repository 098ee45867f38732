/**
 * Reads XDR (RFC 4506) between two places of a datagram. What would lie beyond the end is 0 and leaves {@link Xdr.isTorn} true, so
 * that a reader checks once at its end.
 */
export class Xdr {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;
  isTorn = false;

  /** @param end not beyond the octets that were received */
  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  u32(): number {
    const at = this.skip(4);
    if (at < 0) return 0;
    const b = this.bytes;
    return ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
  }

  /** @returns where the octets begin, or −1 when there are not so many */
  skip(octets: number): number {
    if (this.isTorn || octets > this.left) {
      this.isTorn = true;
      return -1;
    }
    const at = this.at;
    this.at += octets;
    return at;
  }

  /** Octets of variable length with their padding (4.10). @returns a reader of them; null when there are not so many */
  opaque(): Xdr | null {
    const length = this.u32();
    const at = this.skip(length);
    if (at < 0) return null;
    // Agents leave the padding of the last one out.
    this.at = Math.min(this.end, at + Math.ceil(length / 4) * 4);
    return new Xdr(this.bytes, at, at + length);
  }
}
