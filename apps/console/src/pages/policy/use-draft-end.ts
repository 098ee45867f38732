import type { PolicyStatus } from '@hypervigil/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { policyStatusOptions } from '../../data/queries.ts';

/** What ends in a new status of the draft (publishing, discarding, restoring): the draft is read again. */
export function useDraftEnd(act: () => Promise<PolicyStatus>, onDone: (status: PolicyStatus) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async (status) => {
      client.setQueryData(policyStatusOptions.queryKey, status);
      await client.invalidateQueries({ queryKey: ['policies'] });
      onDone(status);
    },
  });
}
