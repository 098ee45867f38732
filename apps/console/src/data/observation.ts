import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { platform } from './client.ts';
import type { Days } from './recorded.ts';

/** Under the key of the policy: a host that confirms or refuses is a change of it. */
export const publishProgressOptions = (revision: string) =>
  queryOptions({
    queryKey: ['policy', 'progress', revision],
    queryFn: ({ signal }) => platform.getPublishProgress({ query: { revision } }, { signal }),
  });

/** So often is looked at what has happened since, while somebody watches. */
const LOOK_MS = 5_000;

export const observationOptions = (revision: string, days: Days) =>
  queryOptions({
    queryKey: ['policy', 'observation', revision, days],
    queryFn: ({ signal }) =>
      platform.observePolicy({ query: { revision, days: Number(days), limit: 2_000 } }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_MS,
  });
