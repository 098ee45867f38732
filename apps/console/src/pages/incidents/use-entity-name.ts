import type { IncidentGraph } from '@hypervigil/model';
import { useCallback } from 'react';
import { useCollection } from '../../data/queries.ts';

type IncidentNode = IncidentGraph['nodes'][number];

/** What VMs and addresses of an incident are called. */
export function useEntityName(): (node: IncidentNode) => string {
  const vms = useCollection('vms').byId;
  return useCallback(
    ({ id, vmId, vmName, ip }) => vmName ?? vms.get(vmId ?? '')?.name ?? ip ?? vmId?.slice(0, 8) ?? id,
    [vms],
  );
}
