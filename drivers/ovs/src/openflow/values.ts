import net from 'node:net';
import { OvsError } from '../errors.ts';
import { formatIpv6, parseIpv4, parseIpv6 } from './addresses.ts';
import type { Field } from './fields.ts';
import { formatPort, narrowPort, parsePort, widenPort } from './ports.ts';

/** The bits of a field that matter, and what they are; `value` has no bit outside `mask`. */
export interface Masked {
  readonly value: bigint;
  readonly mask: bigint;
}

const ctStates = ['new', 'est', 'rel', 'rpl', 'inv', 'trk', 'snat', 'dnat'];
/** The last three are reserved bits, as Open vSwitch prints them. */
const tcpFlags = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr', 'ns', '[200]', '[400]', '[800]'];
/** Bit 0: a fragment; bit 1: not the first one. */
const fragments: readonly (readonly [name: string, value: bigint, mask: bigint])[] = [
  ['no', 0n, 3n],
  ['first', 1n, 3n],
  ['later', 3n, 3n],
  ['yes', 1n, 1n],
  ['not_later', 0n, 2n],
];

/** Reads `value` or `value/mask` as ovs-ofctl writes it for this field. Throws `bad-value`. */
export function parseValue(field: Field, text: string): Masked {
  const { value, mask } = parseByFormat(field, text);
  if ((value | mask) & ~field.full) throw badValue(field, text, `it has ${field.bits} bits`);
  return { value: value & mask, mask };
}

function parseByFormat(field: Field, text: string): Masked {
  switch (field.format) {
    case 'ct-state':
      return parseFlags(field, text, ctStates, 0xffn);
    case 'tcp-flags':
      return parseFlags(field, text, tcpFlags, field.full);
    case 'fragment': {
      const found = fragments.find(([name]) => name === text);
      if (!found) throw badValue(field, text, 'write no, yes, first, later or not_later');
      return { value: found[1], mask: found[2] };
    }
    default: {
      const [value = '', mask, ...rest] = text.split('/');
      if (rest.length > 0) throw badValue(field, text, 'it has two masks');
      return { value: parseNumber(field, value), mask: mask === undefined ? field.full : parseMask(field, mask) };
    }
  }
}

function parseNumber(field: Field, text: string): bigint {
  switch (field.format) {
    case 'mac':
      if (!/^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(text)) break;
      return text.split(':').reduce((sum, byte) => (sum << 8n) | BigInt(`0x${byte}`), 0n);
    case 'ipv4':
      if (net.isIPv4(text)) return parseIpv4(text);
      break;
    case 'ipv6':
      if (net.isIPv6(text)) return parseIpv6(text);
      break;
    case 'port':
    case 'port32': {
      const port = parsePort(text);
      if (port === undefined) break;
      return BigInt(field.format === 'port' ? port : widenPort(port));
    }
    default:
      if (/^(?:0x[0-9a-f]+|\d+)$/i.test(text)) return BigInt(text);
  }
  throw badValue(field, text, `it is written as ${field.format}`);
}

/** A prefix length for addresses, else written as the value is. */
function parseMask(field: Field, text: string): bigint {
  const isAddress = field.format === 'ipv4' || field.format === 'ipv6';
  if (isAddress && /^\d{1,3}$/.test(text)) {
    const length = Number(text);
    if (length > field.bits) throw badValue(field, text, `a prefix has at most ${field.bits} bits`);
    return prefixMask(field.bits, length);
  }
  return parseNumber(field, text);
}

function prefixMask(bits: number, length: number): bigint {
  return ((1n << BigInt(length)) - 1n) << BigInt(bits - length);
}

/** `+trk-new`, `trk|new`, or a number with or without a mask. */
function parseFlags(field: Field, text: string, names: readonly string[], full: bigint): Masked {
  if (/^[0-9]/.test(text)) {
    const [value = '', mask] = text.split('/');
    const number = { ...field, format: 'hex' as const };
    return { value: parseNumber(number, value), mask: mask === undefined ? full : parseNumber(number, mask) };
  }
  const bitOf = (name: string): bigint => {
    const index = names.indexOf(name);
    if (index < 0) throw badValue(field, text, `${name} is none of ${names.join(', ')}`);
    return 1n << BigInt(index);
  };
  if (!/^[+-]/.test(text)) return { value: text.split('|').reduce((sum, name) => sum | bitOf(name), 0n), mask: full };
  let [value, mask] = [0n, 0n];
  for (const [, sign, name = ''] of text.matchAll(/([+-])([^+-]*)/g)) {
    const bit = bitOf(name);
    mask |= bit;
    if (sign === '+') value |= bit;
  }
  return { value, mask };
}

/** Writes a value as ovs-ofctl writes it in `set_field`. */
export function formatValue(field: Field, { value, mask }: Masked): string {
  switch (field.format) {
    case 'ct-state':
      return formatFlags(value, mask, ctStates, 0xffn);
    case 'tcp-flags':
      return formatFlags(value, mask, tcpFlags, field.full);
    case 'fragment':
      return fragments.find((row) => row[1] === value && row[2] === mask)?.[0] ?? '<error>';
    case 'mac':
      return mask === field.full ? formatMac(value) : `${formatMac(value)}/${formatMac(mask)}`;
    case 'ipv4':
      return formatIpv4(value) + suffix(field, mask, formatIpv4);
    case 'ipv6':
      return formatIpv6(value) + suffix(field, mask, formatIpv6);
    case 'port':
      return formatPort(Number(value));
    case 'port32':
      return formatPort(narrowPort(Number(value)));
    case 'decimal':
      return mask === field.full ? String(value) : `${value}/${formatHex(mask)}`;
    case 'hex':
      return mask === field.full ? formatHex(value) : `${formatHex(value)}/${formatHex(mask)}`;
  }
}

/** As C's `%#x`, which writes zero bare. */
export function formatHex(value: bigint): string {
  return value === 0n ? '0' : `0x${value.toString(16)}`;
}

function formatMac(value: bigint): string {
  return value.toString(16).padStart(12, '0').match(/../g)!.join(':');
}

function formatIpv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
}

function suffix({ bits, full }: Field, mask: bigint, format: (mask: bigint) => string): string {
  if (mask === full) return '';
  const zeros = (full ^ mask).toString(2).length;
  return mask === prefixMask(bits, bits - zeros) ? `/${bits - zeros}` : `/${format(mask)}`;
}

function formatFlags(value: bigint, mask: bigint, names: readonly string[], full: bigint): string {
  const has = (bits: bigint, index: number): boolean => ((bits >> BigInt(index)) & 1n) === 1n;
  if (mask === full) return names.filter((_, index) => has(value, index)).join('|') || '0';
  return names.map((name, index) => (has(mask, index) ? `${has(value, index) ? '+' : '-'}${name}` : '')).join('');
}

function badValue(field: Field, text: string, why: string): OvsError {
  return new OvsError('bad-value', `${text} is no value of ${field.name}: ${why}.`, {
    details: { field: field.name, text },
  });
}
