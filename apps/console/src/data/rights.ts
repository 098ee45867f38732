import { denialText, languageOf, type Session } from '@hypervigil/contract';
import type { Denial, Duty, Id, Permission, Tier } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionOptions } from './queries.ts';

/** What somebody would do something to, as far as it decides whether they may. */
export interface Subject {
  /** Whose it is; null is the provider's. */
  readonly tenantId: Id | null;
  /** Of a policy. */
  readonly tier?: Tier;
  /** Of an account. */
  readonly id?: Id;
  readonly duty?: Duty;
}

/**
 * Why somebody may not do something to anything, or to this; undefined where they may. The platform decides by its policies
 * (core/authz), and a test holds this against them: it only spares people the attempt.
 */
export function denialOf({ user, rights }: Session, permission: Permission, subject?: Subject): Denial | undefined {
  const denied = rights.mayNot.find((one) => one.permission === permission);
  if (denied !== undefined) return denied.denial;
  if (subject === undefined) return undefined;
  const { tenantId, tier, id, duty } = subject;
  if (user.tenantId !== null && tenantId !== user.tenantId) return tenantId === null ? 'provider-only' : 'other-tenant';
  if (user.tenantId !== null && tier !== undefined && tier !== 'tenant') return 'provider-tier';
  if (permission === 'account:write' && id === user.id) return 'own-account';
  if (permission === 'account:write' && duty === 'bootstrap' && user.duty !== 'bootstrap') return 'beyond-own-rights';
  return undefined;
}

/** The same of the reader, in words. */
export function useDenials(): (permission: Permission, subject?: Subject) => string | undefined {
  const { language } = useTranslation().i18n;
  const session = useQuery(sessionOptions).data;
  return useCallback(
    (permission, subject) => {
      const denial = session && denialOf(session, permission, subject);
      return denial && denialText(languageOf(language), denial);
    },
    [session, language],
  );
}

/** The tenant whose person the reader is; null of the provider's people. */
export const useOwnTenant = (): Id | null => useQuery(sessionOptions).data?.user.tenantId ?? null;

export const useDenial = (permission: Permission, subject?: Subject): string | undefined =>
  useDenials()(permission, subject);
