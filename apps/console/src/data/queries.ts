import type { FlowFilter, NameFilter, PolicyStatus } from '@hypervigil/contract';
import type { FlowGroupField } from '@hypervigil/model';
import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useIsFetching,
  useQuery,
} from '@tanstack/react-query';
import { useMemo } from 'react';
import { platform } from './client.ts';
import {
  COLLECTIONS,
  type CollectionName,
  type CollectionSource,
  type Entities,
  readCollection,
} from './collections.ts';

/** One array per collection, kept current by the event stream (live.ts). */
const collectionOptions = <K extends CollectionName>(name: K) =>
  queryOptions<readonly Entities[K][]>({
    queryKey: [name],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ client, signal }) => {
      const { rights } = await client.ensureQueryData(sessionOptions);
      if (!rights.may.includes(COLLECTIONS[name].permission)) return [];
      const held = () => client.getQueryData<readonly Entities[K][]>([name]) ?? [];
      const source: CollectionSource<Entities[K]> = COLLECTIONS[name];
      const refreshed = held().length > 0 ? await source.refresh?.(held, signal) : undefined;
      if (refreshed !== undefined) return refreshed;
      return readCollection<Entities[K]>(COLLECTIONS[name], signal, (partial) => {
        if ((client.getQueryData<readonly unknown[]>([name])?.length ?? 0) < partial.length)
          client.setQueryData([name], partial);
      });
    },
  });

export interface Collection<T> {
  readonly items: readonly T[];
  readonly byId: ReadonlyMap<string, T>;
  /** Nothing has been read yet. */
  readonly loading: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

const NONE: readonly never[] = [];

interface Identified {
  readonly id: string;
}
const indexes = new WeakMap<readonly Identified[], ReadonlyMap<string, Identified>>();
/** One index for one array, whoever asks: a table of links to VMs must not make one of 10,000 entries for each link. */
function byIdOf(items: readonly Identified[]): ReadonlyMap<string, Identified> {
  const made = indexes.get(items) ?? new Map(items.map((item) => [item.id, item]));
  indexes.set(items, made);
  return made;
}

export function useCollection<K extends CollectionName>(name: K): Collection<Entities[K]> {
  const { data, isPending, error, refetch } = useQuery(collectionOptions(name));
  const items: readonly Entities[K][] = data ?? NONE;
  return useMemo(
    () => ({
      items,
      byId: byIdOf(items) as ReadonlyMap<string, Entities[K]>,
      loading: isPending,
      error: data === undefined ? error : null,
      retry: () => void refetch(),
    }),
    [items, isPending, error, data, refetch],
  );
}

/** Whether more of a collection may come: what is not there is not missing yet. */
export const useReading = (name: CollectionName): boolean => useIsFetching({ queryKey: [name], exact: true }) > 0;

export const sessionOptions = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => platform.getSession(undefined, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export const overviewOptions = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => platform.getOverview(undefined, { signal }),
});

export const strangersOptions = queryOptions({
  queryKey: ['strangers'],
  queryFn: async ({ signal }) => (await platform.listStrangers(undefined, { signal })).items,
});

export const limitDropsOptions = queryOptions({
  queryKey: ['limit-drops'],
  queryFn: async ({ signal }) => (await platform.listLimitDrops(undefined, { signal })).items,
});

export const ruleLimitDropsOptions = queryOptions({
  queryKey: ['rule-limit-drops'],
  queryFn: async ({ signal }) => (await platform.listRuleLimitDrops(undefined, { signal })).items,
});

export const networkLimitDropsOptions = queryOptions({
  queryKey: ['network-limit-drops'],
  queryFn: async ({ signal }) => (await platform.listNetworkLimitDrops(undefined, { signal })).items,
});

export const alertOptions = (id: string) =>
  queryOptions({
    queryKey: ['alerts', id],
    queryFn: ({ signal }) => platform.getAlert({ params: { id } }, { signal }),
  });

export const incidentOptions = (id: string) =>
  queryOptions({
    queryKey: ['incidents', id],
    queryFn: ({ signal }) => platform.getIncident({ params: { id } }, { signal }),
  });

export const detectorsOptions = queryOptions({
  queryKey: ['detectors'],
  queryFn: ({ signal }) => platform.listDetectors(undefined, { signal }),
});

export const vmBehaviourOptions = (id: string) =>
  queryOptions({
    queryKey: ['vm-behaviour', id],
    queryFn: ({ signal }) => platform.getVmBehaviour({ params: { id } }, { signal }),
    refetchInterval: LOOK_MS,
  });

export const vmLimitsOptions = (id: string) =>
  queryOptions({
    queryKey: ['vm-limits', id],
    queryFn: ({ signal }) => platform.getVmLimits({ params: { id } }, { signal }),
  });

export const policyStatusOptions = queryOptions({
  queryKey: ['policy'],
  queryFn: ({ signal }) => platform.getPolicyStatus(undefined, { signal }),
});

export const approvalSettingsOptions = queryOptions({
  queryKey: ['policy', 'approvers'],
  queryFn: ({ signal }) => platform.getApprovalSettings(undefined, { signal }),
});

export const revisionsOptions = queryOptions({
  queryKey: ['policy', 'revisions'],
  queryFn: ({ signal }) => platform.listRevisions({ query: { limit: 100 } }, { signal }),
});

/** Of two states; asked anew when the draft or what is published is another. */
export const comparisonOptions = (before: string, after: string, status: PolicyStatus | undefined) =>
  queryOptions({
    queryKey: ['policy-comparison', before, after, status?.publishedRevision, status?.draftRevision],
    queryFn: ({ signal }) => platform.comparePolicies({ query: { before, after } }, { signal }),
    enabled: status !== undefined,
    placeholderData: keepPreviousData,
  });

/** The filter as the address bar holds it; a window that ends now is written as its length. */
export type FlowQuery = Omit<FlowFilter, 'from' | 'to'> & { from?: string; to?: string; window?: number };

/** A sliding window becomes instants at the moment of asking. */
export function resolveWindow<T extends { from?: string; window?: number }>(
  { window, ...filter }: T,
  now: number,
): Omit<T, 'window'> {
  if (window === undefined || filter.from !== undefined) return filter;
  return { ...filter, from: new Date(now - window * 1000).toISOString() };
}

export type NameQuery = Omit<NameFilter, 'from' | 'to'> & { from?: string; to?: string; window?: number };

const FLOW_PAGE = 500;

export const flowsOptions = (query: FlowQuery) =>
  infiniteQueryOptions({
    queryKey: ['flows', 'list', query],
    queryFn: ({ signal, pageParam }) =>
      platform.listFlows(
        {
          query: { ...resolveWindow(query, Date.now()), limit: FLOW_PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

/** They come with the flows, and are asked for anew with them. */
export const namesOptions = (query: NameQuery) =>
  infiniteQueryOptions({
    queryKey: ['flows', 'names', query],
    queryFn: ({ signal, pageParam }) =>
      platform.listNames(
        {
          query: { ...resolveWindow(query, Date.now()), limit: FLOW_PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const edgesOptions = (query: FlowQuery) =>
  queryOptions({
    queryKey: ['flows', 'edges', query],
    queryFn: ({ signal }) =>
      platform.listEdges({ query: { ...resolveWindow(query, Date.now()), limit: 5000 } }, { signal }),
    placeholderData: keepPreviousData,
  });

export const flowSeriesOptions = (query: FlowQuery, buckets: number) =>
  queryOptions({
    queryKey: ['flows', 'series', query, buckets],
    queryFn: ({ signal }) =>
      platform.flowSeries({ query: { ...resolveWindow(query, Date.now()), buckets } }, { signal }),
    placeholderData: keepPreviousData,
  });

/** The groups with the most; asked for anew with the flows. */
export const topFlowsOptions = (query: FlowQuery, grouping: FlowGrouping) =>
  queryOptions({
    queryKey: ['flows', 'top', query, grouping],
    queryFn: ({ signal }) =>
      platform.topFlows({ query: { ...resolveWindow(query, Date.now()), ...grouping } }, { signal }),
    placeholderData: keepPreviousData,
  });

/** So often is looked at what has come since, while somebody watches. */
const LOOK_MS = 10_000;

export const flowHealthOptions = queryOptions({
  queryKey: ['flow-health'],
  queryFn: ({ signal }) => platform.getFlowHealth(undefined, { signal }),
  refetchInterval: LOOK_MS,
});

interface FlowGrouping {
  readonly groupBy: FlowGroupField;
  readonly thenBy?: FlowGroupField;
  readonly order: 'bytes' | 'packets' | 'flows';
  readonly limit: number;
}

export const auditOptions = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['audit', q],
    queryFn: ({ signal, pageParam }) =>
      platform.listAudit(
        { query: { limit: 200, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

/** A person who signs out leaves nothing behind for the next. */
export function forgetEverything(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionOptions.queryKey[0] });
  void client.resetQueries(sessionOptions);
}
