import type { Flow, Pending } from '@hypervigil/model';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useRuleWords } from './rules.ts';

/** Whether staged rules would decide a flow otherwise. */
export function wouldChange(flow: Flow): flow is Flow & { readonly pending: Pending } {
  return flow.pending !== null && flow.pending.verdict !== flow.verdict;
}

/** What staged rules would make of a flow, in words. */
export function usePendingText(): (pending: Pending) => string {
  const { t } = useTranslation();
  const ruleWords = useRuleWords();
  return useCallback(
    (pending) => t(`flows.would.${pending.verdict}`, { rule: ruleWords(pending).name }),
    [t, ruleWords],
  );
}
