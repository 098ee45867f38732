/** The version of IP. */
export type Family = 4 | 6;

/** A block of IPv4 (32 bits) or IPv6 (128 bits) addresses; the bits behind the prefix are zero. */
export interface Block {
  readonly family: Family;
  readonly bits: bigint;
  readonly prefix: number;
}

export const widthOf = (family: Family): number => (family === 4 ? 32 : 128);

/** Reads `10.0.0.0/8`, `2001:db8::/32` or a single address. Undefined when the text is none of them. */
export function parseBlock(text: string): Block | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const family = address.includes(':') ? 6 : 4;
  const bits = family === 4 ? parseIpv4(address) : parseIpv6(address);
  if (bits === undefined) return undefined;
  const width = widthOf(family);
  if (slash < 0) return { family, bits, prefix: width };
  const prefix = decimal(text.slice(slash + 1), width);
  if (prefix === undefined) return undefined;
  const host = BigInt(width - prefix);
  return { family, bits: (bits >> host) << host, prefix };
}

/** The canonical text: RFC 5952 for IPv6, no prefix length for a single address. */
export function formatBlock({ family, bits, prefix }: Block): string {
  const address = family === 4 ? formatIpv4(bits) : formatIpv6(bits);
  return prefix === widthOf(family) ? address : `${address}/${prefix}`;
}

/** The canonical text of an address or block. Text that is neither comes back as it is, and matches nothing. */
export function canonicalBlock(text: string): string {
  const block = parseBlock(text);
  return block ? formatBlock(block) : text;
}

export function contains(outer: Block, inner: Block): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  const host = BigInt(widthOf(outer.family) - outer.prefix);
  return outer.bits >> host === inner.bits >> host;
}

export function compareBlocks(a: Block, b: Block): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.bits !== b.bits) return a.bits < b.bits ? -1 : 1;
  return a.prefix - b.prefix;
}

/** The numerical order of two addresses or blocks in canonical text. */
export function compareAddresses(a: string, b: string): number {
  const [left, right] = [parseBlock(a), parseBlock(b)];
  return left && right ? compareBlocks(left, right) : 0;
}

/** The fewest blocks that cover exactly the same addresses, in order. */
export function mergeBlocks(blocks: readonly Block[]): Block[] {
  const merged: Block[] = [];
  for (const block of [...blocks].sort(compareBlocks)) {
    const last = merged.at(-1);
    if (last && contains(last, block)) continue;
    merged.push(block);
    joinTail(merged);
  }
  return merged;
}

/** Joins the last two blocks into their parent for as long as they are its two halves. */
function joinTail(merged: Block[]): void {
  for (;;) {
    const [low, high] = [merged.at(-2), merged.at(-1)];
    if (!low || !high || low.family !== high.family || low.prefix !== high.prefix || low.prefix === 0) return;
    const parent = { ...low, prefix: low.prefix - 1 };
    const host = BigInt(widthOf(low.family) - parent.prefix);
    if ((low.bits >> host) << host !== low.bits || !contains(parent, high)) return;
    merged.splice(-2, 2, parent);
  }
}

/** The link-local address that a MAC address gives (RFC 4291, appendix A: modified EUI-64). */
export function linkLocal(mac: string): string {
  const bytes = mac.split(':').map((byte) => Number.parseInt(byte, 16));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
  const id = [a ^ 2, b, c, 0xff, 0xfe, d, e, f].reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return formatIpv6((0xfe80n << 112n) | id);
}

function decimal(text: string, max: number): number | undefined {
  if (!/^(0|[1-9]\d{0,2})$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

/** By hand, since sets have a hundred thousand of them: four numbers up to 255 without zeros before them. */
export function ipv4Number(text: string): number | undefined {
  let bits = 0;
  let byte = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (byte < 0 || ++dots > 3) return undefined;
      bits = bits * 256 + byte;
      byte = -1;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || byte === 0) return undefined;
    byte = byte < 0 ? digit : byte * 10 + digit;
    if (byte > 255) return undefined;
  }
  return dots === 3 && byte >= 0 ? bits * 256 + byte : undefined;
}

function parseIpv4(text: string): bigint | undefined {
  const number = ipv4Number(text);
  return number === undefined ? undefined : BigInt(number);
}

const DOT = 0x2e;
const ZERO = 0x30;

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groups(halves[0] ?? '');
  const tail = groups(halves[1] ?? '');
  if (!head || !tail) return undefined;
  const gap = 8 - head.length - tail.length;
  if (halves.length === 1 ? gap !== 0 : gap < 1) return undefined;
  return [...head, ...Array<bigint>(gap).fill(0n), ...tail].reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** 16-bit groups of one side of `::`; a trailing dotted quad counts for two (RFC 4291, 2.2). */
function groups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const found: bigint[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1 && part.includes('.')) {
      const quad = parseIpv4(part);
      if (quad === undefined) return undefined;
      found.push(quad >> 16n, quad & 0xffffn);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) found.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return found;
}

function formatIpv4(bits: bigint): string {
  const word = Number(bits);
  return `${word >>> 24}.${(word >>> 16) & 0xff}.${(word >>> 8) & 0xff}.${word & 0xff}`;
}

function formatIpv6(bits: bigint): string {
  const hex = Array.from({ length: 8 }, (_, i) => ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const zeros = longestZeroRun(hex);
  if (zeros.length < 2) return hex.join(':');
  return `${hex.slice(0, zeros.start).join(':')}::${hex.slice(zeros.start + zeros.length).join(':')}`;
}

function longestZeroRun(hex: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [i, group] of hex.entries()) {
    if (group !== '0') start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  }
  return best;
}
