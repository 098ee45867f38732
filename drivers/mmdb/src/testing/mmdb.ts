import { parseAddressRange } from '@hypervigil/model';

type Value = string | number | { readonly [name: string]: Value };

const MARKER = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);
const SEPARATOR = 16;
/** Of a node that leads nowhere on this side. */
const NONE = -1;

/** In a node's half: another node, or a place in the data. */
type Half = { readonly node: number } | { readonly data: number } | typeof NONE;

/**
 * A file of MaxMind's format, as others make it (MaxMind DB File Format Specification, 2.0), with what is given for each block. Records
 * have 28 bits; IPv4 lies at ::/96.
 */
export function mmdbOf(blocks: Readonly<Record<string, Value>>, type = 'Test-Country'): Buffer {
  const nodes: [Half, Half][] = [[NONE, NONE]];
  const data: Buffer[] = [];
  let length = 0;
  for (const [block, value] of Object.entries(blocks)) {
    insert(nodes, block, length);
    const octets = encode(value);
    data.push(octets);
    length += octets.length;
  }
  return Buffer.concat([treeOf(nodes), Buffer.alloc(SEPARATOR), ...data, MARKER, metadataOf(nodes.length, type)]);
}

/** Readers insist on the types of these. */
const metadataOf = (nodes: number, type: string): Buffer =>
  map([
    ['binary_format_major_version', whole(UINT16, 2)],
    ['binary_format_minor_version', whole(UINT16, 0)],
    ['build_epoch', Buffer.from([8, UINT64 - EXTENDED, ...bigEndian(1_767_225_600, 8)])],
    ['database_type', encode(type)],
    ['description', map([])],
    ['ip_version', whole(UINT16, 6)],
    ['languages', Buffer.from([0, ARRAY - EXTENDED])],
    ['node_count', whole(UINT32, nodes)],
    ['record_size', whole(UINT16, 28)],
  ]);

function insert(nodes: [Half, Half][], block: string, at: number): void {
  const range = parseAddressRange(block);
  if (range === null) throw new RangeError(`${block} is no block`);
  const MAPPED = 0xffff_0000_0000n;
  const isV4 = !block.includes(':');
  const low = isV4 ? range.low - MAPPED : range.low;
  const bits = 128 - (range.high - range.low).toString(2).replace(/^0$/, '').length;
  let node = 0;
  for (let depth = 0; depth < bits; depth++) {
    const side = Number((low >> BigInt(127 - depth)) & 1n) as 0 | 1;
    if (depth === bits - 1) {
      nodes[node]![side] = { data: at };
      return;
    }
    let half = nodes[node]![side];
    if (half === NONE || !('node' in half)) {
      half = { node: nodes.push([NONE, NONE]) - 1 };
      nodes[node]![side] = half;
    }
    node = half.node;
  }
}

function treeOf(nodes: readonly (readonly [Half, Half])[]): Buffer {
  const numberOf = (half: Half): number => {
    if (half === NONE) return nodes.length;
    return 'node' in half ? half.node : nodes.length + SEPARATOR + half.data;
  };
  const tree = Buffer.alloc(nodes.length * 7);
  for (const [n, [left, right]] of nodes.entries()) {
    const [a, b] = [numberOf(left), numberOf(right)];
    tree.writeUIntBE(a & 0xff_ffff, n * 7, 3);
    tree[n * 7 + 3] = ((a >>> 24) << 4) | (b >>> 24);
    tree.writeUIntBE(b & 0xff_ffff, n * 7 + 4, 3);
  }
  return tree;
}

const [TEXT, UINT16, UINT32, MAP, UINT64, ARRAY] = [2, 5, 6, 7, 9, 11];
/** Types from 8 on are written in an octet of their own, less seven. */
const EXTENDED = 7;

function encode(value: Value): Buffer {
  if (typeof value === 'number') return whole(UINT32, value);
  if (typeof value === 'object') return map(Object.entries(value).map(([name, one]) => [name, encode(one)]));
  const octets = Buffer.from(value);
  return Buffer.concat([control(TEXT, octets.length), octets]);
}

const map = (pairs: readonly (readonly [string, Buffer])[]): Buffer =>
  Buffer.concat([control(MAP, pairs.length), ...pairs.flatMap(([name, value]) => [encode(name), value])]);

function whole(type: number, value: number): Buffer {
  const size = type === UINT16 ? 2 : 4;
  return Buffer.concat([control(type, size), Buffer.from(bigEndian(value, size))]);
}

const bigEndian = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, n) => Math.floor(value / 256 ** (size - 1 - n)) % 256);

function control(type: number, size: number): Buffer {
  if (size < 29) return Buffer.from([(type << 5) | size]);
  if (size < 285) return Buffer.from([(type << 5) | 29, size - 29]);
  throw new RangeError('longer than this writer writes');
}
