import type { NameFilter as ApiFilter } from '@hypervigil/contract';
import type { FlowStore, NameFilter, StoredName } from '@hypervigil/flowstore';
import type { NameEntry } from '@hypervigil/model';
import { NO_HOST } from '../access/cut.ts';
import type { ListOf } from '../state/paging.ts';
import { asking } from './asking.ts';
import { eachPage } from './pages.ts';
import { cutEnd, cutGateway, type FlowReader } from './reader.ts';
import { timesOf } from './times.ts';

type Store = Pick<FlowStore, 'names'>;

const toEntry =
  (reader: FlowReader) =>
  ({ atMs, ...same }: StoredName): NameEntry => ({
    ...cutGateway(reader, same),
    hostId: reader === null ? same.hostId : NO_HOST,
    src: cutEnd(reader, same.src),
    dst: cutEnd(reader, same.dst),
    at: new Date(atMs).toISOString(),
  });

/** Of a tenant, those of which at least one end is its. */
const ownNames = (reader: FlowReader, filter: NameFilter): NameFilter =>
  reader === null ? filter : { ...filter, tenantId: reader.tenantId };

export async function listNames(
  store: Store,
  { limit, cursor, from, to, ...filter }: ApiFilter & { limit: number; cursor?: string | undefined },
  reader: FlowReader,
): Promise<ListOf<NameEntry>> {
  const asked = ownNames(reader, { ...filter, ...timesOf(from, to) });
  const { names, total, nextCursor } = await asking(() => store.names(asked, { limit, cursor }));
  return { items: names.map(toEntry(reader)), total, next: nextCursor };
}

/** All names of a filter, page by page. The first page is read before this resolves, so that a bad filter is an answer. */
export function eachName(
  store: Store,
  { from, to, ...filter }: ApiFilter,
  reader: FlowReader,
): Promise<AsyncGenerator<readonly NameEntry[]>> {
  const asked = ownNames(reader, { ...filter, ...timesOf(from, to) });
  return eachPage(async (limit, cursor) => {
    const { names, nextCursor } = await asking(() => store.names(asked, { limit, cursor }));
    return { items: names.map(toEntry(reader)), nextCursor };
  });
}
