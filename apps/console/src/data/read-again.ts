import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';

/** Queries that another reading follows as soon as the one that is under way ends. */
const followed = new WeakSet<Query>();

/**
 * Reads anew what is shown of these queries, after a change. A reading that is under way may be from before the change: it is followed by another
 * one. It is not broken off for that, or what takes longer than the pause between two changes would never be shown.
 */
export function readAgain(client: QueryClient, queryKey: QueryKey): void {
  followWhatIsRead(client, queryKey);
  void client.invalidateQueries({ queryKey }, { cancelRefetch: false });
}

/** Of queries that are being read, reads once more afterwards. */
export function followWhatIsRead(client: QueryClient, queryKey: QueryKey): void {
  for (const query of client.getQueryCache().findAll({ queryKey, fetchStatus: 'fetching' })) follow(client, query);
}

function follow(client: QueryClient, query: Query): void {
  const { promise, queryKey } = query;
  if (promise === undefined || followed.has(query)) return;
  followed.add(query);
  // In a turn of its own: by then the query has taken its answer in.
  const next = () =>
    setTimeout(() => {
      followed.delete(query);
      void client.invalidateQueries({ queryKey, exact: true }, { cancelRefetch: false });
    });
  promise.then(next, next);
}
