import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { UrlState } from '../ui/use-url.ts';
import { platform } from './client.ts';

/** How far back recorded flows may be looked at. */
export const DAYS = ['1', '7', '30', '90'] as const;
export type Days = (typeof DAYS)[number];

export const daysOf = (url: UrlState): Days => DAYS.find((days) => days === url['days']) ?? '7';

/** Asked for anew by the reader, or when the draft has changed: it looks at days of flows. */
export const simulationOptions = (days: Days, draftRevision: number | undefined) =>
  queryOptions({
    queryKey: ['simulation', days, draftRevision],
    queryFn: ({ signal }) => platform.simulatePolicy({ query: { days: Number(days), limit: 2_000 } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    enabled: draftRevision !== undefined,
  });
