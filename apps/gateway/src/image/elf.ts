import { GatewayError } from '../errors.ts';

/** What is read here of ELF, 64 bit, little-endian (System V ABI; elf(5)). */
const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const LOAD = 1;
const DYNAMIC = 2;
const TAG = { needed: 1n, stringTable: 5n } as const;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: bigint;
  readonly size: number;
}

export const isElf = (bytes: Buffer): boolean =>
  bytes.length >= HEADER_BYTES && bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1;

const cutOff = () => new GatewayError('GATEWAY_IMAGE', 'A program is cut off');

function segmentsOf(bytes: Buffer): Segment[] {
  const [start, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(56)];
  if (start + count * PROGRAM_HEADER_BYTES > bytes.length) throw cutOff();
  return Array.from({ length: count }, (_, i) => {
    const at = start + i * PROGRAM_HEADER_BYTES;
    return {
      type: bytes.readUInt32LE(at),
      offset: Number(bytes.readBigUInt64LE(at + 8)),
      address: bytes.readBigUInt64LE(at + 16),
      size: Number(bytes.readBigUInt64LE(at + 32)),
    };
  });
}

/** Names of the libraries that a program or library needs; none for a static one. */
export function neededLibraries(bytes: Buffer): string[] {
  if (!isElf(bytes)) return [];
  const segments = segmentsOf(bytes);
  const dynamic = segments.find(({ type }) => type === DYNAMIC);
  if (!dynamic) return [];
  if (dynamic.offset + dynamic.size > bytes.length) throw cutOff();
  const entries = Array.from({ length: Math.floor(dynamic.size / 16) }, (_, i) => {
    const at = dynamic.offset + i * 16;
    return [bytes.readBigUInt64LE(at), bytes.readBigUInt64LE(at + 8)] as const;
  });
  const strings = entries.find(([tag]) => tag === TAG.stringTable)?.[1] ?? 0n;
  const home = segments.find(
    ({ type, address, size }) => type === LOAD && strings >= address && strings < address + BigInt(size),
  );
  if (!home) return [];
  const table = home.offset + Number(strings - home.address);
  return entries.filter(([tag]) => tag === TAG.needed).map(([, name]) => textAt(bytes, table + Number(name)));
}

function textAt(bytes: Buffer, from: number): string {
  const end = bytes.indexOf(0, from);
  return bytes.toString('latin1', from, end < 0 ? from : end);
}

/** The program without what only debuggers read: sections behind all that is loaded, and the table that lists them. */
export function withoutSections(bytes: Buffer): Buffer {
  if (!isElf(bytes)) return bytes;
  const end = Math.max(HEADER_BYTES, ...segmentsOf(bytes).map(({ offset, size }) => offset + size));
  if (end > bytes.length) throw cutOff();
  const kept = Buffer.from(bytes.subarray(0, end));
  kept.writeBigUInt64LE(0n, 40);
  kept.writeUInt32LE(0, 60);
  return kept;
}
