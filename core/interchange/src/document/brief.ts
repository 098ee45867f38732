import { equal } from '@hypervigil/policy';
import { z } from 'zod';

/** A value as people write it: without the fields that have their default, ports as numbers. */
export function brief<T>(value: T, schema: z.ZodType): T {
  return shorten(value, schema) as T;
}

function shorten(value: unknown, schema: z.ZodType): unknown {
  if (
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional
  )
    return shorten(value, schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => shorten(item, schema.element as z.ZodType));
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const fitting = schema.options.find((option) => (option as z.ZodType).safeParse(value).success);
    return fitting === undefined ? value : shorten(value, fitting as z.ZodType);
  }
  if (schema instanceof z.ZodObject) return fieldsInBrief(value as Record<string, unknown>, schema.shape);
  return typeof value === 'string' && isPort(schema) && String(Number(value)) === value ? Number(value) : value;
}

function fieldsInBrief(value: Record<string, unknown>, shape: Record<string, z.ZodType>): Record<string, unknown> {
  const fields = Object.entries(shape).flatMap(([key, schema]) => {
    const field = value[key];
    const byDefault = schema.safeParse(undefined);
    const isDefault = field === undefined || (byDefault.success && equal(byDefault.data, field));
    return isDefault ? [] : [[key, shorten(field, schema)]];
  });
  return Object.fromEntries(fields);
}

/** The only field that takes a number in place of text. */
const isPort = (schema: z.ZodType) => schema instanceof z.ZodPipe;
