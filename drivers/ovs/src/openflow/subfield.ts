import { OvsError } from '../errors.ts';
import { type Field, fieldNamed } from './fields.ts';

/** Some bits of a field, as `load`, `move` and `ct(zone=…)` name them: `NXM_NX_REG6[0..15]`. */
export interface Subfield {
  readonly field: Field;
  readonly offset: number;
  readonly bits: number;
}

/** `reg6`, `reg6[]`, `reg6[3]`, `NXM_NX_REG6[0..15]`. Throws `unknown-field` or `bad-value`. */
export function parseSubfield(text: string): Subfield {
  const [, name = '', range, first, last] = /^([A-Za-z0-9_]+)(\[(?:(\d+)(?:\.\.(\d+))?)?\])?$/.exec(text) ?? [];
  const field = fieldNamed(name);
  if (!field)
    throw new OvsError('unknown-field', `This driver does not know the field ${text}.`, { details: { field: text } });
  if (range === undefined || first === undefined) return { field, offset: 0, bits: field.bits };
  const [start, end] = [Number(first), Number(last ?? first)];
  if (start > end || end >= field.bits) {
    throw new OvsError('bad-value', `${text} lies outside of the field's ${field.bits} bits.`, {
      details: { field: name },
    });
  }
  return { field, offset: start, bits: end - start + 1 };
}

export function formatSubfield({ field, offset, bits }: Subfield): string {
  if (offset === 0 && bits === field.bits) return `${field.wireName}[]`;
  return bits === 1 ? `${field.wireName}[${offset}]` : `${field.wireName}[${offset}..${offset + bits - 1}]`;
}

/** How Nicira's actions pack a range: six bits for the length less one, ten for the offset (nicira-ext.h). */
export function packRange({ offset, bits }: Subfield): number {
  return (offset << 6) | (bits - 1);
}

/** Throws `protocol` when the range lies outside of the field. */
export function subfieldAt(field: Field, offset: number, bits: number): Subfield {
  if (bits < 1 || offset + bits > field.bits) {
    throw new OvsError('protocol', `The switch named bits outside of ${field.name}.`);
  }
  return { field, offset, bits };
}

/** An OXM header that names a field without a value. */
export function fieldHeader(code: number, { bytes }: Field): number {
  return code * 512 + bytes;
}
