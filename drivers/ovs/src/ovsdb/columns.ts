import { OvsError } from '../errors.ts';

/**
 * How one column of a table becomes a JavaScript value. OVSDB writes a set of one as its bare element, leaves defaults
 * out, and describes a change by a difference (ovsdb-server(7), 4.1.14 `update2`), so a column must know its own kind.
 */
export interface Column<T> {
  /** What a row has when the server says nothing about the column. */
  readonly empty: T;
  decode(json: unknown): T;
  /** Applies the difference of an `update2`. */
  patch(current: T, difference: unknown): T;
}

/** Reads one atom. */
type AtomReader<T> = (json: unknown) => T;

export const text: AtomReader<string> = (json) => (typeof json === 'string' ? json : wrong('a string', json));
export const integer: AtomReader<number> = (json) => (typeof json === 'number' ? json : wrong('a number', json));
export const flag: AtomReader<boolean> = (json) => (typeof json === 'boolean' ? json : wrong('a boolean', json));
export const reference: AtomReader<string> = (json) =>
  Array.isArray(json) && json[0] === 'uuid' && typeof json[1] === 'string' ? json[1] : wrong('a uuid', json);

export function one<T>(read: AtomReader<T>, empty: T): Column<T> {
  return { empty, decode: read, patch: (_, json) => read(json) };
}

/** At most one element: its value or undefined. A difference carries the whole new value. */
export function optional<T>(read: AtomReader<T>): Column<T | undefined> {
  const decode = (json: unknown): T | undefined => elements(json).map(read)[0];
  return { empty: undefined, decode, patch: (_, json) => decode(json) };
}

/** A difference carries the elements that came or went. */
export function setOf<T>(read: AtomReader<T>): Column<ReadonlySet<T>> {
  const decode = (json: unknown): ReadonlySet<T> => new Set(elements(json).map(read));
  return { empty: new Set(), decode, patch: (current, json) => current.symmetricDifference(decode(json)) };
}

/** A difference carries a pair to add or to change, or a pair as it is to remove it. */
export function mapOf<V>(read: AtomReader<V>): Column<ReadonlyMap<string, V>> {
  const decode = (json: unknown): ReadonlyMap<string, V> => {
    if (!Array.isArray(json) || json[0] !== 'map' || !Array.isArray(json[1])) return wrong('a map', json);
    return new Map(
      json[1].map((pair: unknown) => (Array.isArray(pair) ? [text(pair[0]), read(pair[1])] : wrong('a pair', pair))),
    );
  };
  const patch = (current: ReadonlyMap<string, V>, json: unknown): ReadonlyMap<string, V> => {
    const next = new Map(current);
    for (const [key, value] of decode(json))
      if (next.get(key) === value) next.delete(key);
      else next.set(key, value);
    return next;
  };
  return { empty: new Map(), decode, patch };
}

function elements(json: unknown): readonly unknown[] {
  return Array.isArray(json) && json[0] === 'set' && Array.isArray(json[1]) ? json[1] : [json];
}

function wrong(expected: string, json: unknown): never {
  throw new OvsError('protocol', `OVSDB sent ${JSON.stringify(json).slice(0, 80)} where ${expected} belongs.`);
}
