import { isIP } from 'node:net';
import { FlowStoreError } from './errors.ts';

/**
 * Addresses are kept as 128-bit numbers, IPv4 in its mapped form (RFC 4291 2.5.5.2), so that a prefix is one range
 * of one column.
 */
const V4_BASE = 0xffff_0000_0000n;

/** @returns the number, or null for text that is no address */
export function addressToNumber(text: string): bigint | null {
  const version = isIP(text);
  if (version === 4) return V4_BASE + v4ToNumber(text);
  if (version === 6) return v6ToNumber(text);
  return null;
}

export function numberToAddress(value: bigint): string {
  if (value >> 32n === 0xffffn) {
    const v4 = Number(value & 0xffff_ffffn);
    return `${v4 >>> 24}.${(v4 >>> 16) & 255}.${(v4 >>> 8) & 255}.${v4 & 255}`;
  }
  const groups: string[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(((value >> shift) & 0xffffn).toString(16));
  return shortest(groups);
}

export interface AddressRange {
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * The range of an address, a prefix in CIDR notation, or the beginning of an address on a group's border.
 * @returns null for text that is none of these
 */
export function parseAddressRange(text: string): AddressRange | null {
  const whole = addressToNumber(text);
  if (whole !== null) return { low: whole, high: whole };
  return cidrRange(text) ?? beginningRange(text);
}

/** @throws FlowStoreError `FLOWSTORE_BAD_FILTER` */
export function requireAddressRange(text: string): AddressRange {
  const range = parseAddressRange(text);
  if (range !== null) return range;
  throw new FlowStoreError('FLOWSTORE_BAD_FILTER', `"${text}" is not an address, a prefix or the beginning of one.`);
}

function cidrRange(text: string): AddressRange | null {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const base = addressToNumber(match[1]!);
  const width = isIP(match[1]!) === 4 ? 32 : 128;
  const length = Number(match[2]);
  return base === null || length > width ? null : prefixRange(base, BigInt(width - length));
}

/** `10.0.` → 10.0.0.0/16, `fd00:1:` → fd00:1::/32. */
function beginningRange(text: string): AddressRange | null {
  const v4 = /^(?:\d{1,3}\.){1,3}$/.test(text) ? text.slice(0, -1).split('.') : null;
  if (v4 !== null) return cidrRange(`${[...v4, '0', '0', '0'].slice(0, 4).join('.')}/${v4.length * 8}`);
  const v6 = /^(?:[0-9a-f]{1,4}:){1,7}$/i.test(text) ? text.slice(0, -1).split(':') : null;
  return v6 === null ? null : cidrRange(`${v6.join(':')}${v6.length === 7 ? ':0' : '::'}/${v6.length * 16}`);
}

function prefixRange(base: bigint, hostBits: bigint): AddressRange {
  const low = (base >> hostBits) << hostBits;
  return { low, high: low + (1n << hostBits) - 1n };
}

function v4ToNumber(text: string): bigint {
  return BigInt(text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0));
}

function v6ToNumber(text: string): bigint {
  const [plain] = text.split('%');
  const dotted = plain!.replace(/\d+\.\d+\.\d+\.\d+$/, (v4) => {
    const value = v4ToNumber(v4);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head, tail] = dotted.split('::');
  const left = head === '' ? [] : head!.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(Number.parseInt(group, 16)), 0n);
}

/** RFC 5952: the longest run of two or more zero groups, the first of equals, becomes `::`. */
function shortest(groups: readonly string[]): string {
  const text = groups.join(':');
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map(([run]) => run);
  const longest = runs.reduce(
    (best, run) => (run.replace(/^:/, '').length > best.replace(/^:/, '').length ? run : best),
    '',
  );
  if (longest === '') return text;
  const at = text.indexOf(longest);
  const before = text.slice(0, at);
  const after = text.slice(at + longest.length).replace(/^:/, '');
  return `${before}::${after}`;
}
