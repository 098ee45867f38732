import { useCollection } from '../../data/queries.ts';
import { VmLink } from '../../ui/links.tsx';

interface Props {
  readonly alert: { readonly vmId: string; readonly vmName: string };
}

/** The VM that an alert or an exception is about: it may be gone, and then has only its name. */
export function AlertVm({ alert: { vmId, vmName } }: Props) {
  const vms = useCollection('vms').byId;
  return vms.has(vmId) ? <VmLink id={vmId} /> : vmName;
}
