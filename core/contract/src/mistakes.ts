import { type FieldMistake, FORMATS, type Format, KINDS, type Kind, type Mistake } from '@hypervigil/model';
import type { z } from 'zod';

/** More mistakes than anybody mends at once help nobody, and cost memory on a hostile body. */
const MAX = 50;

/**
 * What a schema found wrong, by field, in codes of ours. Parse with `reportInput: true`, so that what is missing is
 * told from what is of the wrong kind. At most 50; keys that nobody knows are each their own field.
 */
export function mistakesOf(error: z.ZodError): FieldMistake[] {
  return flatten(error.issues, []).slice(0, MAX);
}

type Issue = z.core.$ZodIssue;

function flatten(issues: readonly Issue[], prefix: readonly PropertyKey[]): FieldMistake[] {
  return issues.slice(0, MAX).flatMap((issue): FieldMistake[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys')
      return issue.keys
        .slice(0, MAX)
        .map((key) => ({ field: field([...path, key]), code: 'unknown-field', params: {} }));
    if (issue.code === 'invalid_union' && issue.errors.length > 0) return oneOf(issue.errors, path);
    if (issue.code === 'invalid_key') return flatten(issue.issues, path);
    return [{ field: field(path), ...mistake(issue) }];
  });
}

const field = (path: readonly PropertyKey[]) => path.map(String).join('.').slice(0, 300);

/**
 * None of several schemas fits. Addresses have forms of which one will do; else the one says what is wrong that found it
 * inside, since the whole was of its kind, or the first.
 */
function oneOf(branches: readonly (readonly Issue[])[], path: readonly PropertyKey[]): FieldMistake[] {
  const forms = branches.map(([issue]) => (issue?.code === 'invalid_format' ? issue.format : undefined));
  if (forms.some((form) => form === undefined))
    return flatten(branches.find(([issue]) => (issue?.path.length ?? 0) > 0) ?? branches[0]!, path);
  const format = forms.some((form) => form!.startsWith('cidr')) ? 'cidr' : 'ip';
  return [{ field: field(path), code: 'wrong-format', params: { format } }];
}

function mistake(issue: Issue): Mistake {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return { code: 'missing', params: {} };
      return isKind(issue.expected) ? { code: 'wrong-type', params: { expected: issue.expected } } : INVALID;
    case 'invalid_value':
      return issue.input === undefined ? { code: 'missing', params: {} } : notOneOf(issue.values);
    case 'invalid_union':
      return notOneOf(('options' in issue && issue.options) || []);
    case 'invalid_format':
      return isFormat(issue.format) ? { code: 'wrong-format', params: { format: issue.format } } : INVALID;
    case 'too_small':
      return { code: LOWER[issue.origin] ?? 'too-few', params: { minimum: Number(issue.minimum) } };
    case 'too_big':
      return { code: UPPER[issue.origin] ?? 'too-many', params: { maximum: Number(issue.maximum) } };
    case 'custom':
      // `otherwise` of the model put it there.
      return (issue.params?.['mistake'] as Mistake | undefined) ?? INVALID;
    default:
      return INVALID;
  }
}

const INVALID: Mistake = { code: 'invalid', params: {} };
const LOWER: Readonly<Record<string, 'too-short' | 'too-low'>> = {
  string: 'too-short',
  number: 'too-low',
  int: 'too-low',
};
const UPPER: Readonly<Record<string, 'too-long' | 'too-high'>> = {
  string: 'too-long',
  number: 'too-high',
  int: 'too-high',
};
const notOneOf = (values: readonly unknown[]): Mistake => ({
  code: 'not-one-of',
  params: { values: values.map(String).join(', ') },
});
const isKind = (text: string): text is Kind => (KINDS as readonly string[]).includes(text);
const isFormat = (text: string): text is Format => (FORMATS as readonly string[]).includes(text);
