import { OvsError } from '../errors.ts';
import { type Field, fieldCoded } from './fields.ts';
import { type FieldMatch, type Match, MatchBuilder } from './match.ts';
import type { Masked } from './values.ts';

/** OXM_OF_PACKET_TYPE with the value Ethernet: the switch adds it to matches without an Ethernet field; it says nothing. */
const packetType = (0x8000 << 7) | 44;

/** A match as OXM entries, without the `ofp_match` header (OpenFlow 1.5.1, 7.2.3). */
export function encodeOxm(match: Match): Buffer {
  // From the pool: every byte of it is written below.
  const out = Buffer.allocUnsafe(match.reduce((size, entry) => size + oxmLength(entry), 0));
  let offset = 0;
  for (const entry of match) offset = writeOxm(out, offset, entry.field, entry);
  return out;
}

export function oxmLength({ field, mask }: Pick<FieldMatch, 'field' | 'mask'>): number {
  return 4 + field.bytes * (mask === field.full ? 1 : 2);
}

/** Writes one entry: class (16 bits), field (7), has-mask (1), length (8), value, mask. Returns the next offset. */
export function writeOxm(out: Buffer, offset: number, field: Field, { value, mask }: Masked): number {
  const hasMask = mask !== field.full;
  out.writeUInt32BE(field.code * 512 + (hasMask ? 256 : 0) + field.bytes * (hasMask ? 2 : 1), offset);
  writeUint(out, offset + 4, field.bytes, value);
  if (!hasMask) return offset + 4 + field.bytes;
  writeUint(out, offset + 4 + field.bytes, field.bytes, mask);
  return offset + 4 + 2 * field.bytes;
}

function writeUint(out: Buffer, offset: number, bytes: number, value: bigint): void {
  if (bytes <= 6) out.writeUIntBE(Number(value), offset, bytes);
  else {
    for (let at = offset + bytes - 8, rest = value; at >= offset; at -= 8, rest >>= 64n) {
      out.writeBigUInt64BE(rest & 0xffff_ffff_ffff_ffffn, at);
    }
  }
}

function readUint(bytes: Buffer): bigint {
  if (bytes.length <= 6) return BigInt(bytes.readUIntBE(0, bytes.length));
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** What a switch said that it matches, with the entries that this driver does not know. */
export interface DecodedMatch {
  readonly match: Match;
  readonly unknown: readonly Buffer[];
}

/** Throws `protocol` when the entries do not fill the bytes exactly or do not have their fields' lengths. */
export function decodeOxm(bytes: Buffer): DecodedMatch {
  const builder = new MatchBuilder();
  const unknown: Buffer[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    if (offset + 4 > bytes.length) throw truncated();
    const header = bytes.readUInt32BE(offset);
    const end = offset + 4 + (header & 0xff);
    if (end > bytes.length) throw truncated();
    const body = bytes.subarray(offset + 4, end);
    const code = header >>> 9;
    const field = fieldCoded(code);
    if (field) builder.add(...readEntry(field, (header & 0x100) !== 0, body));
    else if (code !== packetType) unknown.push(bytes.subarray(offset, end));
    offset = end;
  }
  return { match: builder.build(), unknown };
}

export function readEntry(field: Field, hasMask: boolean, body: Buffer): [Field, Masked] {
  if (body.length !== field.bytes * (hasMask ? 2 : 1)) {
    throw new OvsError('protocol', `The switch sent ${field.name} in ${body.length} bytes.`);
  }
  const value = readUint(body.subarray(0, field.bytes));
  // A mask over all bits of a field narrower than its bytes says the same as no mask.
  const mask = hasMask ? readUint(body.subarray(field.bytes)) & field.full : field.full;
  return [field, { value: value & mask, mask }];
}

function truncated(): OvsError {
  return new OvsError('protocol', 'The switch sent a match that ends inside an entry.');
}
