import { LibvirtError } from '../errors.ts';
import type { Codec } from './codec.ts';
import type { XdrReader } from './reader.ts';
import type { XdrWriter } from './writer.ts';

/** `virTypedParameterType` (libvirt-common.h). */
const TYPES = { int: 1, uint: 2, llong: 3, ullong: 4, double: 5, boolean: 6, string: 7 } as const;

/** One `virTypedParameter`. 64-bit values read as the nearest double (exact up to 2^53) and are written exactly. */
export type TypedParam =
  | { field: string; type: 'int' | 'uint' | 'double'; value: number }
  | { field: string; type: 'llong' | 'ullong'; value: number | bigint }
  | { field: string; type: 'boolean'; value: boolean }
  | { field: string; type: 'string'; value: string };

const FIELD_MAX = 4_194_304;
/** An empty name, a type and a 32-bit value. */
const MIN_SIZE = 12;

export function typedParams(max: number): Codec<TypedParam[]> {
  return {
    minSize: 4,
    read: (reader) => {
      const count = reader.length(max, MIN_SIZE);
      const params: TypedParam[] = [];
      for (let i = 0; i < count; i++) params.push(readParam(reader));
      return params;
    },
    write: (writer, params) => {
      writer.count(params.length, max);
      for (const param of params) writeParam(writer, param);
    },
  };
}

function readParam(reader: XdrReader): TypedParam {
  const field = reader.string(FIELD_MAX);
  const type = reader.int();
  switch (type) {
    case TYPES.int:
      return { field, type: 'int', value: reader.int() };
    case TYPES.uint:
      return { field, type: 'uint', value: reader.uint() };
    case TYPES.llong:
      return { field, type: 'llong', value: reader.hyperNumber() };
    case TYPES.ullong:
      return { field, type: 'ullong', value: reader.uhyperNumber() };
    case TYPES.double:
      return { field, type: 'double', value: reader.double() };
    case TYPES.boolean:
      return { field, type: 'boolean', value: reader.int() !== 0 };
    case TYPES.string:
      return { field, type: 'string', value: reader.string(FIELD_MAX) };
    default:
      throw new LibvirtError('bad-message', `the peer sent a typed parameter of the unknown type ${type}`);
  }
}

function writeParam(writer: XdrWriter, param: TypedParam): void {
  writer.string(param.field, FIELD_MAX);
  writer.int(TYPES[param.type]);
  switch (param.type) {
    case 'int':
      writer.int(param.value);
      break;
    case 'uint':
      writer.uint(param.value);
      break;
    case 'llong':
      writer.hyper(BigInt(param.value));
      break;
    case 'ullong':
      writer.uhyper(BigInt(param.value));
      break;
    case 'double':
      writer.double(param.value);
      break;
    case 'boolean':
      writer.int(param.value ? 1 : 0);
      break;
    case 'string':
      writer.string(param.value, FIELD_MAX);
  }
}

/** The parameters by name, for those that nobody sends twice. */
export function paramRecord(params: TypedParam[]): Record<string, number | string | boolean> {
  const record: Record<string, number | string | boolean> = Object.create(null);
  for (const { field, value } of params) record[field] = typeof value === 'bigint' ? Number(value) : value;
  return record;
}
