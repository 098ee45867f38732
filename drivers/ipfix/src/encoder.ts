import { type FieldSpec, VARIABLE_LENGTH } from './elements.ts';
import { IpfixError } from './errors.ts';

/** A field's value: a number for its octets, or the octets; a text's are UTF-8. */
export type FieldValue = number | bigint | Uint8Array | string;

export interface TemplateSpec {
  readonly id: number;
  readonly fields: readonly FieldSpec[];
  /** The first so many fields are scopes, and the template is one of options. */
  readonly scopes?: number;
}

/** A part of a message. Templates of options and others go in sets of their own. */
export type SetSpec =
  | { readonly kind: 'templates'; readonly templates: readonly TemplateSpec[] }
  | { readonly kind: 'withdraw'; readonly ids: readonly number[] }
  | { readonly kind: 'data'; readonly template: TemplateSpec; readonly records: readonly (readonly FieldValue[])[] };

export interface MessageSpec {
  readonly version: 9 | 10;
  /** Milliseconds since 1970; sent as seconds. */
  readonly exportMs: number;
  /** IPFIX: data records before this message. NetFlow v9: packets before it. */
  readonly sequence: number;
  readonly domain: number;
  /** NetFlow v9 only: milliseconds since the exporter's start. */
  readonly upTimeMs?: number;
  readonly sets: readonly SetSpec[];
}

/**
 * Writes one message of IPFIX (RFC 7011) or NetFlow v9 (RFC 3954). Sets are padded to four octets in NetFlow v9,
 * as it asks for.
 * @throws IpfixError `IPFIX_BAD_MESSAGE`
 */
export function encodeMessage(message: MessageSpec): Buffer {
  const sets = message.sets.map((set) => encodeSet(set, message.version));
  const header = message.version === 10 ? ipfixHeader(message, sets) : netflow9Header(message);
  return Buffer.concat([header, ...sets]);
}

function ipfixHeader(message: MessageSpec, sets: readonly Buffer[]): Buffer {
  const length = sets.reduce((sum, set) => sum + set.length, 16);
  if (length > 0xffff) throw new IpfixError('IPFIX_BAD_MESSAGE', `A message of ${length} octets is too long.`);
  const header = Buffer.alloc(16);
  header.writeUInt16BE(10, 0);
  header.writeUInt16BE(length, 2);
  header.writeUInt32BE(Math.floor(message.exportMs / 1000), 4);
  header.writeUInt32BE(message.sequence, 8);
  header.writeUInt32BE(message.domain, 12);
  return header;
}

function netflow9Header(message: MessageSpec): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(9, 0);
  header.writeUInt16BE(
    message.sets.reduce((sum, set) => sum + recordsIn(set), 0),
    2,
  );
  header.writeUInt32BE(message.upTimeMs ?? 0, 4);
  header.writeUInt32BE(Math.floor(message.exportMs / 1000), 8);
  header.writeUInt32BE(message.sequence, 12);
  header.writeUInt32BE(message.domain, 16);
  return header;
}

function recordsIn(set: SetSpec): number {
  if (set.kind === 'data') return set.records.length;
  return set.kind === 'templates' ? set.templates.length : set.ids.length;
}

function encodeSet(set: SetSpec, version: 9 | 10): Buffer {
  const body = encodeBody(set, version);
  const padding = version === 9 ? (4 - (body.length % 4)) % 4 : 0;
  const header = Buffer.alloc(4);
  header.writeUInt16BE(setId(set, version), 0);
  header.writeUInt16BE(4 + body.length + padding, 2);
  return Buffer.concat([header, body, Buffer.alloc(padding)]);
}

function setId(set: SetSpec, version: 9 | 10): number {
  if (set.kind === 'data') return set.template.id;
  const isOptions = set.kind === 'templates' && (set.templates[0]?.scopes ?? 0) > 0;
  return (version === 10 ? 2 : 0) + (isOptions ? 1 : 0);
}

function encodeBody(set: SetSpec, version: 9 | 10): Buffer {
  switch (set.kind) {
    case 'templates':
      return Buffer.concat(set.templates.map((template) => encodeTemplate(template, version)));
    case 'withdraw':
      return Buffer.concat(set.ids.map((id) => words(id, 0)));
    case 'data':
      return Buffer.concat(set.records.flatMap((values) => encodeRecord(set.template.fields, values)));
  }
}

function encodeTemplate({ id, fields, scopes = 0 }: TemplateSpec, version: 9 | 10): Buffer {
  const head = scopes === 0 ? words(id, fields.length) : optionsHead(id, fields.length, scopes, version);
  return Buffer.concat([head, ...fields.map((field) => encodeSpec(field))]);
}

function optionsHead(id: number, fields: number, scopes: number, version: 9 | 10): Buffer {
  return version === 10 ? words(id, fields, scopes) : words(id, scopes * 4, (fields - scopes) * 4);
}

function encodeSpec({ id, length, enterprise }: FieldSpec): Buffer {
  if (enterprise === 0) return words(id, length);
  return words(id | 0x8000, length, Math.floor(enterprise / 0x1_0000), enterprise & 0xffff);
}

function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) buffer.writeUInt16BE(value, index * 2);
  return buffer;
}

function encodeRecord(fields: readonly FieldSpec[], values: readonly FieldValue[]): Buffer[] {
  if (fields.length !== values.length) {
    throw new IpfixError('IPFIX_BAD_MESSAGE', `A record has ${values.length} values for ${fields.length} fields.`);
  }
  return fields.map((field, index) => encodeValue(field, values[index]!));
}

function encodeValue(field: FieldSpec, value: FieldValue): Buffer {
  const octets = typeof value === 'string' ? Buffer.from(value) : value;
  if (octets instanceof Uint8Array) return encodeOctets(field, octets);
  const buffer = Buffer.alloc(field.length);
  let rest = BigInt(octets);
  for (let i = field.length - 1; i >= 0; i--) {
    buffer[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  if (rest !== 0n) throw new IpfixError('IPFIX_BAD_MESSAGE', `${value} needs more than ${field.length} octets.`);
  return buffer;
}

function encodeOctets(field: FieldSpec, octets: Uint8Array): Buffer {
  if (field.length === VARIABLE_LENGTH) {
    const long = octets.length >= 255;
    if (octets.length > 0xffff) throw new IpfixError('IPFIX_BAD_MESSAGE', 'A value of over 65,535 octets.');
    const head = long ? Buffer.from([255, octets.length >> 8, octets.length & 255]) : Buffer.from([octets.length]);
    return Buffer.concat([head, octets]);
  }
  if (octets.length !== field.length) {
    throw new IpfixError('IPFIX_BAD_MESSAGE', `${octets.length} octets for a field of ${field.length}.`);
  }
  return Buffer.from(octets);
}
