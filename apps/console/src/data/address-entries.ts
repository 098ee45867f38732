import { infiniteQueryOptions, keepPreviousData, useQuery } from '@tanstack/react-query';
import { platform } from './client.ts';

const PAGE = 100;
/** As many as a text area takes without being slow; larger sets are replaced by a file. */
const EDITABLE_ENTRIES = 2000;

interface EntryQuery {
  readonly id: string;
  readonly of: 'entries' | 'excluded';
  readonly q: string;
}

export const addressEntriesOptions = ({ id, of, q }: EntryQuery) =>
  infiniteQueryOptions({
    queryKey: ['addressSets', 'entries', id, of, q],
    queryFn: ({ signal, pageParam }) =>
      platform.listAddressSetEntries(
        {
          params: { id },
          query: { of, limit: PAGE, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

/** Both lists of a set whole, as text to edit; undefined where one has too many for that. */
async function readEditable(id: string): Promise<{ entries: string | undefined; excluded: string | undefined }> {
  const read = async (of: EntryQuery['of']) => {
    const page = await platform.listAddressSetEntries({ params: { id }, query: { of, limit: EDITABLE_ENTRIES } });
    return page.next === null ? page.items.join('\n') : undefined;
  };
  return { entries: await read('entries'), excluded: await read('excluded') };
}

/** Of a set that is not there yet, both are empty. Read anew for each editing. */
export const useEditableEntries = (id: string | undefined) =>
  useQuery({
    queryKey: ['addressSets', 'editable', id ?? ''],
    queryFn: () => (id === undefined ? { entries: '', excluded: '' } : readEditable(id)),
    gcTime: 0,
  });
