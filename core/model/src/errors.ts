import { z } from 'zod';

/** Every error that the API can answer with, and its HTTP status (docs/reference/errors.md is made from this). */
export const ERROR_STATUS = {
  'invalid-request': 400,
  'not-signed-in': 401,
  'wrong-credentials': 401,
  'password-change-required': 403,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'stale-revision': 409,
  'not-allowed-in-state': 409,
  'name-taken': 409,
  'in-use': 409,
  'token-invalid': 403,
  'token-used': 403,
  'token-expired': 403,
  'too-large': 413,
  'unsupported-media-type': 415,
  'too-many-requests': 429,
  'host-offline': 503,
  unavailable: 503,
  internal: 500,
} as const;
export type ErrorCode = keyof typeof ERROR_STATUS;

/** One thing that is wrong with a request: where, and what would be right. */
export const Problem = z.object({
  /** Path of the field, such as `rules.2.services.0.ports.0`. */
  field: z.string(),
  code: z.string(),
  message: z.string(),
});
export type Problem = z.infer<typeof Problem>;

/** The body of every error answer. The reader's language is the client's matter: codes and parameters, not prose. */
export const ApiErrorBody = z.object({
  code: z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]),
  /** English, for logs and people without a console. */
  message: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  problems: z.array(Problem),
  requestId: z.string(),
});
export type ApiErrorBody = z.infer<typeof ApiErrorBody>;
