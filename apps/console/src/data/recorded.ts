import type { RuleHitsList } from '@hypervigil/contract';
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

const HIT_DAYS = 7;

type Hits = ReadonlyMap<string, RuleHitsList['items'][number]>;

/** What each rule decided in the last week, by the rule's id. */
export const ruleHitsOptions = queryOptions({
  queryKey: ['hits'],
  queryFn: async ({ signal }): Promise<Hits> => {
    const { items } = await platform.listRuleHits({ query: { days: HIT_DAYS } }, { signal });
    return new Map(items.map((item) => [item.rule.id, item]));
  },
  staleTime: 60_000,
});

type Subject = { readonly groupId: string } | { readonly tenantId: string };

/** Looked at days of flows: asked for anew only when the reader chooses anew. */
export const recommendationOptions = (subject: Subject | undefined, days: Days) =>
  queryOptions({
    queryKey: ['recommendation', subject, days],
    queryFn: ({ signal }) => platform.recommendPolicy({ query: { ...subject!, days: Number(days) } }, { signal }),
    staleTime: 300_000,
    enabled: subject !== undefined,
  });
