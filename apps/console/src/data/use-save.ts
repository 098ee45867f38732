import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CollectionName } from './collections.ts';

/** A change of something that lives in a collection: afterwards the collection is read again, and the dialog closes. */
export function useSave<T, Change = void>(
  collection: CollectionName,
  save: (change: Change) => Promise<T>,
  onSaved: (saved: T) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: save,
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: [collection] });
      onSaved(saved);
    },
  });
}
