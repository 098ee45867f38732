import { GatewayGroupId, type Inspect, type OnFailure } from '@hypervigil/model';
import { z } from 'zod';
import type { Directory } from './directory.ts';
import type { FileMistake, Named } from './mistake.ts';

/**
 * The API speaks of things by id, a document by name: `groupIds` becomes `groups`, `tenantId` becomes `tenant`. The rule
 * is the field's own name, so that a reference that the model gains needs nothing here.
 */
type NameOf<Key> = Key extends `${infer Thing}Ids` ? `${Thing}s` : Key extends `${infer Thing}Id` ? Thing : Key;

/** A shape of the API with names in place of ids. */
export type ByName<T> = T extends readonly (infer Item)[]
  ? ByName<Item>[]
  : T extends Pick<Inspect, 'groupId' | 'onFailure'>
    ? { gatewayGroup: string; onFailure: OnFailure } & Pick<T, Extract<'blocks', keyof T>> &
        (T extends { next?: infer Next } ? { next?: ByName<Next> } : unknown)
    : T extends object
      ? { [Key in keyof T as NameOf<Key>]: ByName<T[Key]> }
      : T;

interface Reference {
  readonly what: Named;
  /** The field's name in a document. */
  readonly name: string;
}

const REFERENCE = /^(?:\w*?)(group|tenant|vm|network|addressSet|schedule|namedService|mirror)Id(s?)$/i;

/** What a field of the API refers to; undefined for a field that holds no id. */
export function referenceOf(key: string, schema?: z.ZodType): Reference | undefined {
  if (schema === GatewayGroupId) return { what: 'gateway-group', name: 'gatewayGroup' };
  const [, what, many] = REFERENCE.exec(key) ?? [];
  if (what === undefined) return undefined;
  return {
    what: what.replace(/[A-Z]/g, (letter, at) => `${at === 0 ? '' : '-'}${letter.toLowerCase()}`) as Named,
    name: key.slice(0, many === 's' ? -3 : -2) + many,
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** What an API object is in a document: the fields of `schema` only, with names in place of ids. */
export function toNames(schema: z.ZodType, value: unknown, directory: Directory): unknown {
  return walk(schema, value, (fields, key, inner) => {
    if (key === 'id' || fields[key] === undefined) return [];
    const reference = referenceOf(key, inner);
    if (reference === undefined) return [[key, toNames(inner, fields[key], directory)]];
    return [[reference.name, mapIds(fields[key], (id) => directory.nameOf(reference.what, id))]];
  });
}

/** Called for a name that means nothing, or several things. */
export type Report = (mistake: FileMistake) => void;

/** What a document's object is for the API. Names that cannot be resolved are reported, and stand as they are. */
export function toIds(schema: z.ZodType, value: unknown, directory: Directory, report: Report, path: string): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return toIds(schema.unwrap() as z.ZodType, value, directory, report, path);
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.map((item, i) => toIds(schema.element as z.ZodType, item, directory, report, `${path}.${i}`));
  return walk(schema, value, (fields, key, inner) => {
    const reference = referenceOf(key, inner);
    const name = reference?.name ?? key;
    if (!(name in fields)) return [];
    const field = `${path}.${name}`;
    if (reference === undefined) return [[key, toIds(inner, fields[key], directory, report, field)]];
    const resolve = (text: string, i?: number) =>
      idOf(directory, reference.what, text, i === undefined ? field : `${field}.${i}`, report);
    return [[key, mapIds(fields[name], resolve)]];
  });
}

function idOf(directory: Directory, what: Named, name: string, field: string, report: Report): string {
  const [id, ...others] = directory.idsOf(what, name);
  if (id === undefined) report({ field, code: 'unknown-name', params: { what, name } });
  else if (others.length > 0)
    report({ field, code: 'ambiguous-name', params: { what, name, ids: [id, ...others].slice(0, 5).join(', ') } });
  return id ?? name;
}

type Entry = [key: string, value: unknown];

/** Follows a schema of the API into a value of its form: `field` says what becomes of each field of each object. */
function walk(
  schema: z.ZodType,
  value: unknown,
  field: (fields: Fields, key: string, inner: z.ZodType) => Entry[],
): unknown {
  if (value === null || value === undefined) return value;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return walk(schema.unwrap() as z.ZodType, value, field);
  if (schema instanceof z.ZodArray)
    return (value as unknown[]).map((item) => walk(schema.element as z.ZodType, item, field));
  if (schema instanceof z.ZodObject)
    return Object.fromEntries(
      Object.entries(schema.shape).flatMap(([key, inner]) => field(value as Fields, key, inner as z.ZodType)),
    );
  return value;
}

function mapIds(value: unknown, one: (text: string, index?: number) => string): unknown {
  if (Array.isArray(value)) return value.map((text, i) => one(text as string, i));
  return typeof value === 'string' ? one(value) : value;
}
