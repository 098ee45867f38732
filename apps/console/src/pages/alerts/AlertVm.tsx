import type { Alert } from '@hypervigil/model';
import { useCollection } from '../../data/queries.ts';
import { VmLink } from '../../ui/links.tsx';

/** The VM that an alert is about: it may be gone, and then has only its name. */
export function AlertVm({ alert: { vmId, vmName } }: { readonly alert: Pick<Alert, 'vmId' | 'vmName'> }) {
  const vms = useCollection('vms').byId;
  return vms.has(vmId) ? <VmLink id={vmId} /> : vmName;
}
