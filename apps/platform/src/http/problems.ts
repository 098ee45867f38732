import type { Problem } from '@hypervigil/model';
import { z } from 'zod';
import { ApiFailure } from '../errors.ts';

/** More problems than anybody mends at once help nobody, and cost memory on a hostile body. */
const MAX_PROBLEMS = 50;

/** What zod found, by field. Unknown keys are each their own field. */
function problemsOf(error: z.ZodError): Problem[] {
  return flatten(error.issues, []).slice(0, MAX_PROBLEMS);
}

function flatten(issues: readonly z.core.$ZodIssue[], prefix: readonly PropertyKey[]): Problem[] {
  return issues.slice(0, MAX_PROBLEMS).flatMap((issue): Problem[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys')
      return issue.keys
        .slice(0, MAX_PROBLEMS)
        .map((key) => ({ field: field([...path, key]), code: 'unknown', message: 'there is no such field' }));
    return [{ field: field(path), code: issue.code, message: issue.message }];
  });
}

const field = (path: readonly PropertyKey[]) => path.map(String).join('.').slice(0, 300);

/**
 * Parses one part of a request. Objects are strict: a field that nobody knows is a mistake of the caller, and doing
 * without it in silence would do something else than was asked.
 * @throws ApiFailure `invalid-request` with a problem per field
 */
export function parsePart(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = problemsOf(parsed.error);
  const [first] = problems;
  throw new ApiFailure('invalid-request', `The request is not valid: ${first?.field || 'body'}: ${first?.message}`, {
    problems,
  });
}

export function strict(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodObject ? schema.strict() : schema;
}
