import { LibvirtError } from '../errors.ts';
import type { XdrReader } from './reader.ts';
import type { XdrWriter } from './writer.ts';

/** A type of RFC 4506 that can be read and written. Codecs compose as the types do. */
export interface Codec<T> {
  /** The fewest bytes a value can take: bounds arrays before they are allocated. */
  readonly minSize: number;
  read(reader: XdrReader): T;
  write(writer: XdrWriter, value: T): void;
}

export const int: Codec<number> = { minSize: 4, read: (r) => r.int(), write: (w, v) => w.int(v) };
export const uint: Codec<number> = { minSize: 4, read: (r) => r.uint(), write: (w, v) => w.uint(v) };
export const hyper: Codec<bigint> = { minSize: 8, read: (r) => r.hyper(), write: (w, v) => w.hyper(v) };
export const uhyper: Codec<bigint> = { minSize: 8, read: (r) => r.uhyper(), write: (w, v) => w.uhyper(v) };
export const double: Codec<number> = { minSize: 8, read: (r) => r.double(), write: (w, v) => w.double(v) };

export const empty: Codec<void> = { minSize: 0, read: () => undefined, write: () => undefined };

export function string(max: number): Codec<string> {
  return { minSize: 4, read: (r) => r.string(max), write: (w, v) => w.string(v, max) };
}

export function opaque(max: number): Codec<Uint8Array> {
  return { minSize: 4, read: (r) => r.opaque(max), write: (w, v) => w.opaque(v, max) };
}

/** Opaque data of a fixed length. */
export function bytes(length: number): Codec<Uint8Array> {
  return {
    minSize: length,
    read: (r) => r.bytes(length),
    write: (w, v) => {
      if (v.length !== length) throw new LibvirtError('bad-argument', `${v.length} bytes, where ${length} are needed`);
      w.bytes(v);
    },
  };
}

export function optional<T>(of: Codec<T>): Codec<T | null> {
  return {
    minSize: 4,
    read: (r) => (r.bool() ? of.read(r) : null),
    write: (w, v) => {
      w.bool(v !== null);
      if (v !== null) of.write(w, v);
    },
  };
}

export function array<T>(of: Codec<T>, max: number): Codec<T[]> {
  return {
    minSize: 4,
    read: (r) => readMany(r, of, r.length(max, of.minSize)),
    write: (w, values) => {
      w.count(values.length, max);
      for (const value of values) of.write(w, value);
    },
  };
}

/** An array of a fixed length. */
export function vector<T>(of: Codec<T>, length: number): Codec<T[]> {
  return {
    minSize: length * of.minSize,
    read: (r) => readMany(r, of, length),
    write: (w, values) => {
      if (values.length !== length)
        throw new LibvirtError('bad-argument', `${values.length} elements, where ${length} are needed`);
      for (const value of values) of.write(w, value);
    },
  };
}

function readMany<T>(reader: XdrReader, of: Codec<T>, count: number): T[] {
  const values: T[] = [];
  for (let i = 0; i < count; i++) values.push(of.read(reader));
  return values;
}

type Fields = Record<string, Codec<unknown>>;

/** The fields in the order in which they are written here. */
export function struct<T extends Record<string, unknown>>(fields: { [K in keyof T]: Codec<T[K]> }): Codec<T> {
  const entries = Object.entries(fields as Fields);
  return {
    minSize: entries.reduce((sum, [, codec]) => sum + codec.minSize, 0),
    read: (r) => {
      const value: Record<string, unknown> = {};
      for (const [name, codec] of entries) value[name] = codec.read(r);
      return value as T;
    },
    write: (w, value) => {
      for (const [name, codec] of entries) codec.write(w, value[name]);
    },
  };
}
