import { fieldCoded, fieldNamed } from '../fields.ts';
import { fieldHeader, formatSubfield, parseSubfield, type Subfield, subfieldAt } from '../subfield.ts';
import { formatHex, formatValue, parseValue } from '../values.ts';
import { type Action, badAction, needBytes, nicira, niciraAction, parseUint } from './action.ts';
import { type Piece, splitPieces } from './split.ts';

/** What a learned flow matches, or loads when it is met: a value known now, or what the packet at hand carries. */
interface Spec {
  readonly kind: 'match' | 'load';
  readonly source: bigint | Subfield;
  readonly target: Subfield;
}

/** Writes a flow when a packet passes. Of ovs-actions(7)'s `learn`, without `fin_` timeouts, flags and limits. */
interface Learn {
  readonly table: number;
  /** Seconds; 0 is never. */
  readonly idleTimeout: number;
  readonly hardTimeout: number;
  readonly priority: number;
  readonly cookie: bigint;
  readonly specs: readonly Spec[];
}

const defaultPriority = 0x8000;
/** Bits of a spec's header (Open vSwitch lib/ofp-actions.c, NX_LEARN_*): 11 of length, then the target's and source's kind. */
const lengthMask = 0x7ff;
const kinds = { match: 0 << 11, load: 1 << 11 } as const;
const kindMask = 3 << 11;
const immediate = 1 << 13;

function learn({ table, idleTimeout, hardTimeout, priority, cookie, specs }: Learn): Action {
  const head = Buffer.alloc(22);
  head.writeUInt16BE(idleTimeout, 0);
  head.writeUInt16BE(hardTimeout, 2);
  head.writeUInt16BE(priority, 4);
  head.writeBigUInt64BE(cookie, 6);
  head.writeUInt8(table, 16);
  const parts = [
    `table=${table}`,
    ...(idleTimeout === 0 ? [] : [`idle_timeout=${idleTimeout}`]),
    ...(hardTimeout === 0 ? [] : [`hard_timeout=${hardTimeout}`]),
    ...(priority === defaultPriority ? [] : [`priority=${priority}`]),
    ...(cookie === 0n ? [] : [`cookie=${formatHex(cookie)}`]),
    ...specs.map(formatSpec),
  ];
  return {
    text: `learn(${parts.join(',')})`,
    bytes: niciraAction(nicira.learn, Buffer.concat([head, ...specs.map(encodeSpec)])),
  };
}

function formatSpec({ kind, source, target }: Spec): string {
  const { field } = target;
  if (kind === 'load')
    return `load:${typeof source === 'bigint' ? formatHex(source) : formatSubfield(source)}->${formatSubfield(target)}`;
  const isWhole = target.bits === field.bits;
  if (typeof source !== 'bigint') return `${formatSubfield(target)}=${formatSubfield(source)}`;
  return isWhole
    ? `${field.name}=${formatValue(field, { value: source, mask: field.full })}`
    : `${formatSubfield(target)}=${formatHex(source)}`;
}

function encodeSpec({ kind, source, target }: Spec): Buffer {
  const header = Buffer.alloc(2);
  header.writeUInt16BE(target.bits | kinds[kind] | (typeof source === 'bigint' ? immediate : 0));
  return Buffer.concat([
    header,
    typeof source === 'bigint' ? encodeValue(source, target.bits) : encodeSubfield(source),
    encodeSubfield(target),
  ]);
}

/** Values fill whole 16-bit words. */
const valueBytes = (bits: number): number => 2 * Math.ceil(bits / 16);

function encodeValue(value: bigint, bits: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * valueBytes(bits), '0'), 'hex');
}

function encodeSubfield({ field, offset }: Subfield): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt32BE(fieldHeader(field.legacyCode, field), 0);
  bytes.writeUInt16BE(offset, 4);
  return bytes;
}

/** Undefined for a `learn` that uses more than this driver knows. `body` begins behind the ten bytes of header. */
export function readLearn(body: Buffer): Action | undefined {
  needBytes(body, 22);
  if (body.readUInt16BE(14) !== 0 || body.readUInt32BE(18) !== 0) return undefined;
  const specs: Spec[] = [];
  // A header of zero is padding.
  for (let offset = 22; offset + 2 <= body.length && body.readUInt16BE(offset) !== 0; ) {
    const header = body.readUInt16BE(offset);
    const bits = header & lengthMask;
    const kind =
      (header & kindMask) === kinds.match ? 'match' : (header & kindMask) === kinds.load ? 'load' : undefined;
    const length = header & immediate ? valueBytes(bits) : 6;
    const end = offset + 2 + length;
    needBytes(body, end + 6);
    const source =
      header & immediate
        ? BigInt(`0x${body.toString('hex', offset + 2, end) || '0'}`)
        : readSubfield(body, offset + 2, bits);
    const target = readSubfield(body, end, bits);
    if (kind === undefined || source === undefined || target === undefined) return undefined;
    specs.push({ kind, source, target });
    offset = end + 6;
  }
  return learn({
    table: body.readUInt8(16),
    idleTimeout: body.readUInt16BE(0),
    hardTimeout: body.readUInt16BE(2),
    priority: body.readUInt16BE(4),
    cookie: body.readBigUInt64BE(6),
    specs,
  });
}

function readSubfield(body: Buffer, offset: number, bits: number): Subfield | undefined {
  const field = fieldCoded(body.readUInt32BE(offset) >>> 9);
  return field && subfieldAt(field, body.readUInt16BE(offset + 4), bits);
}

export function parseLearn(argument: string): Action {
  let parsed: Learn = { table: 1, idleTimeout: 0, hardTimeout: 0, priority: defaultPriority, cookie: 0n, specs: [] };
  for (const piece of splitPieces(argument)) parsed = { ...parsed, ...parseLearnArgument(piece, parsed.specs) };
  return learn(parsed);
}

function parseLearnArgument({ name, argument = '', text }: Piece, specs: readonly Spec[]): Partial<Learn> {
  switch (name) {
    case 'table':
      return { table: parseUint('table', argument, 254) };
    case 'idle_timeout':
      return { idleTimeout: parseUint('idle_timeout', argument, 0xffff) };
    case 'hard_timeout':
      return { hardTimeout: parseUint('hard_timeout', argument, 0xffff) };
    case 'priority':
      return { priority: parseUint('priority', argument, 0xffff) };
    case 'cookie':
      if (!/^(?:0x[0-9a-f]{1,16}|\d{1,19})$/i.test(argument)) throw badAction(text, 'its cookie is no 64-bit number');
      return { cookie: BigInt(argument) };
    case 'load':
      return { specs: [...specs, parseLoadSpec(argument, text)] };
    default:
      return { specs: [...specs, parseMatchSpec(text)] };
  }
}

function parseLoadSpec(argument: string, text: string): Spec {
  const [from = '', to = ''] = argument.split('->');
  const target = parseSubfield(to);
  return { kind: 'load', source: parseSource(from, target, text), target };
}

/** `field=value`, or `field[bits]=other[bits]`. */
function parseMatchSpec(text: string): Spec {
  const equals = text.indexOf('=');
  if (equals < 0) throw badAction(text, 'it is written as field=value or load:value->field');
  const [left, right] = [text.slice(0, equals), text.slice(equals + 1)];
  const field = left.includes('[') ? undefined : fieldNamed(left);
  if (!field) {
    const target = parseSubfield(left);
    return { kind: 'match', source: parseSource(right, target, text), target };
  }
  const { value, mask } = parseValue(field, right);
  if (mask !== field.full) throw badAction(text, 'it matches the whole field');
  return { kind: 'match', source: value, target: { field, offset: 0, bits: field.bits } };
}

function parseSource(text: string, target: Subfield, whole: string): bigint | Subfield {
  if (/^(?:0x[0-9a-f]+|\d+)$/i.test(text)) {
    const value = BigInt(text);
    if (value >> BigInt(target.bits) !== 0n) throw badAction(whole, `its value has more than ${target.bits} bits`);
    return value;
  }
  const source = parseSubfield(text);
  if (source.bits !== target.bits) throw badAction(whole, `it copies ${source.bits} bits to ${target.bits}`);
  return source;
}
