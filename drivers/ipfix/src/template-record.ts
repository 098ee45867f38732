import type { FieldSpec } from './elements.ts';

/** A template record without fields takes the template back (RFC 7011, 8.1). */
export const WITHDRAWAL = null;

export interface TemplateRecord {
  readonly id: number;
  readonly fields: readonly FieldSpec[] | typeof WITHDRAWAL;
  /** Where the next record begins. */
  readonly end: number;
}

const ENTERPRISE_BIT = 0x8000;
const FIRST_TEMPLATE_ID = 256;

/**
 * Reads a template or options template record at `at`.
 * @returns `padding` where the set holds only zeros from here on, `template` when the record makes no sense
 */
export function parseTemplate(
  packet: Uint8Array,
  at: number,
  end: number,
  version: 9 | 10,
  isOptions: boolean,
): TemplateRecord | 'padding' | 'template' {
  const id = u16(packet, at);
  const second = u16(packet, at + 2);
  if (id === 0) return 'padding';
  if (version === 10 && second === 0) return { id, fields: WITHDRAWAL, end: at + 4 };
  if (id < FIRST_TEMPLATE_ID) return 'template';
  const fields: FieldSpec[] = [];
  const { count, start } = fieldCount(packet, at, end, version, isOptions, second);
  if (count === 0 || start + count * 4 > end) return 'template';
  let next = start;
  for (let i = 0; i < count; i++) {
    const specLength = version === 10 && (packet[next]! & 0x80) !== 0 ? 8 : 4;
    if (next + specLength > end) return 'template';
    fields.push(readSpec(packet, next, specLength));
    next += specLength;
  }
  // Records of no octets would go on for ever.
  return fields.every(({ length }) => length === 0) ? 'template' : { id, fields, end: next };
}

/** IPFIX counts fields, scopes included; NetFlow v9's options templates tell octets of scopes and of options. */
function fieldCount(
  packet: Uint8Array,
  at: number,
  end: number,
  version: 9 | 10,
  isOptions: boolean,
  second: number,
): { count: number; start: number } {
  if (!isOptions) return { count: second, start: at + 4 };
  if (at + 6 > end) return { count: 0, start: at };
  const third = u16(packet, at + 4);
  if (version === 10) return { count: third === 0 || third > second ? 0 : second, start: at + 6 };
  return { count: (second + third) >>> 2, start: at + 6 };
}

function readSpec(packet: Uint8Array, at: number, specLength: number): FieldSpec {
  const id = u16(packet, at);
  const length = u16(packet, at + 2);
  if (specLength === 4) return { id, length, enterprise: 0 };
  return { id: id & ~ENTERPRISE_BIT, length, enterprise: u16(packet, at + 4) * 0x1_0000 + u16(packet, at + 6) };
}

function u16(b: Uint8Array, at: number): number {
  return (b[at]! << 8) | b[at + 1]!;
}
