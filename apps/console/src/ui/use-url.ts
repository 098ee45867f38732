import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type UrlState = Readonly<Record<string, string | undefined>>;
export type UrlPatch = Record<string, string | undefined>;

/** Filters, order and selection live in the address bar: a link shows the same screen to everybody. */
export function useUrl(): readonly [UrlState, (patch: UrlPatch) => void] {
  const search = useSearch({ strict: false }) as UrlState;
  const navigate = useNavigate();
  const patch = useCallback(
    (changes: UrlPatch) =>
      void navigate({
        to: '.',
        replace: true,
        resetScroll: false,
        search: (previous: UrlState) => ({ ...previous, ...changes }),
      }),
    [navigate],
  );
  return [search, patch];
}

export const withoutEmpty = (search: UrlState): Record<string, string> =>
  Object.fromEntries(Object.entries(search).filter((entry): entry is [string, string] => !!entry[1]));
