/**
 * Addresses as 128-bit numbers, IPv4 in its mapped form (RFC 4291 2.5.5.2), so that a prefix is one range of one number,
 * whichever its family.
 */
const V4_BASE = 0xffff_0000_0000n;

/** From `low` to `high`, both included. */
export interface AddressRange {
  readonly low: bigint;
  readonly high: bigint;
}

/** @returns the number, or null for text that is no address */
export function addressToNumber(text: string): bigint | null {
  if (text.includes(':')) return v6ToNumber(text);
  const v4 = v4ToNumber(text);
  return v4 === null ? null : V4_BASE + BigInt(v4);
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

/**
 * The range of an address, a prefix in CIDR notation, or the beginning of an address on a group's border.
 * @returns null for text that is none of these
 */
export function parseAddressRange(text: string): AddressRange | null {
  const whole = addressToNumber(text);
  if (whole !== null) return { low: whole, high: whole };
  return cidrRange(text) ?? beginningRange(text);
}

function cidrRange(text: string): AddressRange | null {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const base = addressToNumber(match[1]!);
  const width = match[1]!.includes(':') ? 128 : 32;
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

const DOT = 0x2e;
const ZERO = 0x30;

/** @returns the number of 32 bits, or null for text that is no IPv4 address; digit by digit, for every flow has two */
export function v4ToNumber(text: string): number | null {
  let sum = 0;
  let dots = 0;
  let octet = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const digit = code - ZERO;
    if (code === DOT && octet >= 0) {
      sum = sum * 256 + octet;
      octet = -1;
      dots++;
    } else if (digit < 0 || digit > 9 || octet === 0) {
      return null;
    } else {
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return null;
    }
  }
  return dots === 3 && octet >= 0 ? sum * 256 + octet : null;
}

const GROUP = /^[0-9a-f]{1,4}$/i;

/** RFC 4291 2.2, and RFC 4007 11 for a zone, in the letters that Node.js takes; it says nothing of the address. */
function v6ToNumber(text: string): bigint | null {
  const plain = text.replace(/%[0-9a-z.:-]+$/i, '');
  if (plain.length > 45) return null;
  const hex = withoutDots(plain);
  const halves = hex?.split('::') ?? [];
  if (halves.length < 1 || halves.length > 2) return null;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = left.length + right.length;
  if (halves.length === 1 ? given !== 8 : given > 7) return null;
  const groups = [...left, ...Array<string>(8 - given).fill('0'), ...right];
  if (!groups.every((group) => GROUP.test(group))) return null;
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(Number.parseInt(group, 16)), 0n);
}

/** The last 32 bits may be written as IPv4 is. */
function withoutDots(text: string): string | null {
  if (!text.includes('.')) return text;
  const at = text.lastIndexOf(':') + 1;
  const v4 = v4ToNumber(text.slice(at));
  return v4 === null ? null : `${text.slice(0, at)}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
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
