import type { IntentVnic } from '@hypervigil/model';
import type { OvsPort } from '@hypervigil/ovs';
import type { VmFacts } from '../inventory/facts.ts';

/** A port of a vNIC that the intent knows. */
export interface PolicedPort {
  readonly ofport: number;
  readonly vnicNum: number;
  readonly vnicId: string;
  /** False on the target of a migration until the VM runs there: rules are in place, the address is not yet here. */
  readonly active: boolean;
  /** Its VM is on its way here: connections that it brings began on another host. */
  readonly arriving: boolean;
}

interface PortInputs {
  readonly ports: readonly OvsPort[];
  readonly vnics: readonly IntentVnic[];
  readonly vms: ReadonlyMap<string, VmFacts>;
  /** Whether `vms` is what runs now. Without libvirt a vNIC whose port is here is taken to run here. */
  readonly live: boolean;
}

/** Which ports are policed, and how. A port of a vNIC that the intent does not know is not among them: it stays closed. */
function policedPorts({ ports, vnics, vms, live }: PortInputs): PolicedPort[] {
  const byId = new Map(vnics.map((vnic) => [vnic.id, vnic]));
  return ports.flatMap(({ ifaceId, ofport }) => {
    const vnic = ifaceId === undefined ? undefined : byId.get(ifaceId.toLowerCase());
    if (vnic === undefined || ofport === undefined) return [];
    const vm = vms.get(vnic.vmId);
    const active = !live || runsHere(vm);
    return [{ ofport, vnicNum: vnic.num, vnicId: vnic.id, active, arriving: vm?.incoming === true }];
  });
}

interface RememberedPorts {
  (inputs: PortInputs): readonly PolicedPort[];
  /** VMs changed: they are one map, before and after. */
  forget(): void;
}

/** Gives the same list for as long as what it follows from is the same: a host may have a thousand ports. */
export function rememberPorts(): RememberedPorts {
  let last: { readonly inputs: PortInputs; readonly ports: readonly PolicedPort[] } | undefined;
  const isLast = ({ ports, vnics, vms, live }: PortInputs): boolean =>
    last?.inputs.ports === ports && last.inputs.vnics === vnics && last.inputs.vms === vms && last.inputs.live === live;
  const remembered = (inputs: PortInputs): readonly PolicedPort[] => {
    if (!last || !isLast(inputs)) last = { inputs, ports: policedPorts(inputs) };
    return last.ports;
  };
  return Object.assign(remembered, {
    forget: () => {
      last = undefined;
    },
  });
}

/** A port appears some milliseconds before libvirt tells whether its VM starts here or arrives: until then it stands by. */
function runsHere(vm: VmFacts | undefined): boolean {
  return vm !== undefined && !vm.handingOver && vm.state !== 'shutoff';
}
