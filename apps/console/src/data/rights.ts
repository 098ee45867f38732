import { denialText, languageOf } from '@hypervigil/contract';
import type { Permission } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sessionOptions } from './queries.ts';

/**
 * Why the reader may not do something at all, in words; undefined where they may. The platform refuses by the same policies:
 * this only spares people the attempt.
 */
export function useDenials(): (permission: Permission) => string | undefined {
  const { i18n } = useTranslation();
  const rights = useQuery(sessionOptions).data?.rights;
  return (permission) => {
    const denied = rights?.mayNot.find((one) => one.permission === permission);
    return denied && denialText(languageOf(i18n.language), denied.denial);
  };
}

export const useDenial = (permission: Permission): string | undefined => useDenials()(permission);
