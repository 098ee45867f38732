import { ApiError, errorText, languageOf, problemText } from '@hypervigil/contract';
import type { Problem } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';

export const problemsOf = (error: unknown): readonly Problem[] =>
  error instanceof ApiError ? error.body.problems : [];
export const requestIdOf = (error: unknown): string => (error instanceof ApiError ? error.body.requestId : '');

/** The problem of one field, as the field shows it. */
export const problemAt = (error: unknown, field: string): Problem | undefined =>
  problemsOf(error).find((problem) => problem.field === field || problem.field.startsWith(`${field}.`));

/** {@link problemAt} in the reader's language. */
export function useProblemText(error: unknown): (field: string) => string | undefined {
  const { i18n } = useTranslation();
  return (field) => {
    const problem = problemAt(error, field);
    return problem === undefined ? undefined : problemText(languageOf(i18n.language), problem);
  };
}

/** The platform answers with codes; here they become sentences in the reader's language. */
export function useErrorText(error: unknown): string {
  const { t, i18n } = useTranslation();
  if (error instanceof ApiError) return errorText(languageOf(i18n.language), error.body);
  return t('error.network');
}
