import { OvsError } from '../../errors.ts';
import { fieldNamed } from '../fields.ts';
import type { FieldMatch } from '../match.ts';
import { oxmLength, writeOxm } from '../match-codec.ts';
import { fieldHeader, formatSubfield, parseSubfield, type Subfield } from '../subfield.ts';
import { formatValue, parseValue } from '../values.ts';
import { type Action, badAction, standard, standardAction } from './action.ts';

/** Sets the bits of the mask. OpenFlow 1.5 has this one action for what older versions spread over `load` and `mod_…`. */
export function setField(target: FieldMatch): Action {
  const body = Buffer.alloc(oxmLength(target));
  writeOxm(body, 0, target.field, target);
  return {
    text: `set_field:${formatValue(target.field, target)}->${target.field.name}`,
    bytes: standardAction(standard.setField, body),
  };
}

/** `set_field:value/mask->field` */
export function parseSetField(argument: string): Action {
  const [text, name] = splitArrow(argument);
  const field = fieldNamed(name.replace(/\[\]$/, ''));
  if (!field)
    throw new OvsError('unknown-field', `This driver does not know the field ${name}.`, { details: { field: name } });
  return setField({ field, ...parseValue(field, text) });
}

/** `load:value->field[first..last]` */
export function parseLoad(argument: string): Action {
  const [text, name] = splitArrow(argument);
  const { field, offset, bits } = parseSubfield(name);
  if (!/^(?:0x[0-9a-f]+|\d+)$/i.test(text)) throw badAction(`load:${argument}`, 'its value is no number');
  const value = BigInt(text);
  if (value >> BigInt(bits) !== 0n) throw badAction(`load:${argument}`, `its value has more than ${bits} bits`);
  const shift = BigInt(offset);
  return setField({ field, value: value << shift, mask: ((1n << BigInt(bits)) - 1n) << shift });
}

export function move(source: Subfield, target: Subfield): Action {
  const body = Buffer.alloc(16);
  body.writeUInt16BE(target.bits, 0);
  body.writeUInt16BE(source.offset, 2);
  body.writeUInt16BE(target.offset, 4);
  body.writeUInt32BE(fieldHeader(source.field.code, source.field), 8);
  body.writeUInt32BE(fieldHeader(target.field.code, target.field), 12);
  return {
    text: `move:${formatSubfield(source)}->${formatSubfield(target)}`,
    bytes: standardAction(standard.copyField, body),
  };
}

/** `move:source[first..last]->target[first..last]` */
export function parseMove(argument: string): Action {
  const [from, to] = splitArrow(argument).map(parseSubfield) as [Subfield, Subfield];
  if (from.bits !== to.bits) throw badAction(`move:${argument}`, `it moves ${from.bits} bits to ${to.bits}`);
  return move(from, to);
}

function splitArrow(argument: string): [string, string] {
  const [left, right, ...rest] = argument.split('->');
  if (!left || !right || rest.length > 0) throw badAction(argument, 'it is written as source->target');
  return [left.trim(), right.trim()];
}
