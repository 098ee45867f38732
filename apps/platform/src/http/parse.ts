import { mistakesOf } from '@hypervigil/contract';
import { z } from 'zod';
import { ApiFailure } from '../errors.ts';

/**
 * Parses one part of a request. Objects are strict: a field that nobody knows is a mistake of the caller, and doing
 * without it in silence would do something else than was asked.
 * @throws ApiFailure `invalid-request` with a problem per field
 */
export function parsePart(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new ApiFailure('invalid-request', {}, { mistakes: mistakesOf(parsed.error) });
}

export function strict(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodObject ? schema.strict() : schema;
}
