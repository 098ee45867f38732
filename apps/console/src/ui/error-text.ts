import { ApiError } from '@hypervigil/contract';
import type { Problem } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { problemText } from '../i18n/codes.ts';

export const problemsOf = (error: unknown): readonly Problem[] =>
  error instanceof ApiError ? error.body.problems : [];
export const requestIdOf = (error: unknown): string => (error instanceof ApiError ? error.body.requestId : '');

/** The problem of one field, as the field shows it. */
const problemAt = (error: unknown, field: string): Problem | undefined =>
  problemsOf(error).find((problem) => problem.field === field || problem.field.startsWith(`${field}.`));

/** {@link problemAt} in the reader's language. */
export function useProblemText(error: unknown): (field: string) => string | undefined {
  const { t } = useTranslation();
  return (field) => {
    const problem = problemAt(error, field);
    return problem === undefined ? undefined : problemText(t, problem);
  };
}

/** The platform answers with codes; here they become sentences in the reader's language. */
export function useErrorText(error: unknown): string {
  const { t } = useTranslation();
  if (error instanceof ApiError) return t(`error.code.${error.body.code}`, error.body.params);
  return t('error.network');
}
