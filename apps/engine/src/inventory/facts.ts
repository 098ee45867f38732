import type { ObservedVm, ObservedVnic } from '@hypervigil/contract';
import type { VmState } from '@hypervigil/model';
import type { OvsPort } from '@hypervigil/ovs';

/** What the engine keeps of a vNIC: enough to report it and to find its port. */
export interface NicFacts {
  readonly id: string;
  readonly mac: string;
  /** The device on the host, such as `vnet3`; null while the VM is off. */
  readonly device: string | null;
  readonly bridge: string | null;
  readonly claims: ObservedVnic['claims'];
}

/** What the engine keeps of a VM; the definition itself is read, and let go. */
export interface VmFacts {
  readonly id: string;
  readonly name: string;
  readonly state: VmState;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly hypervisor: ObservedVm['hypervisor'];
  readonly incoming: boolean;
  /** Stopped here for the moment in which a migration hands it over, on either host. */
  readonly handingOver: boolean;
  readonly claims: ObservedVm['claims'];
  readonly nics: readonly NicFacts[];
}

export interface SwitchView {
  /** Ports of the integration bridge by `iface-id`. */
  readonly ports: ReadonlyMap<string, OvsPort>;
  /** Ids of vNICs whose port is policed now. */
  readonly enforced: ReadonlySet<string>;
}

/** A VM as libvirt and the switch show it together. */
export function observe(facts: VmFacts, { ports, enforced }: SwitchView): ObservedVm {
  const { nics, handingOver: _, ...vm } = facts;
  return {
    ...vm,
    vnics: nics.map((nic) => {
      const port = ports.get(nic.id);
      return { ...nic, ofport: port?.ofport ?? null, onSwitch: port !== undefined, enforced: enforced.has(nic.id) };
    }),
  };
}

export function portsByInterface(ports: readonly OvsPort[]): Map<string, OvsPort> {
  return new Map(ports.flatMap((port) => (port.ifaceId === undefined ? [] : [[port.ifaceId.toLowerCase(), port]])));
}

/** What differs between what events had led us to believe and what a full read found; one line each. */
export function differences(
  before: ReadonlyMap<string, VmFacts>,
  after: ReadonlyMap<string, VmFacts>,
): { readonly id: string; readonly text: string }[] {
  const found: { id: string; text: string }[] = [];
  for (const vm of after.values()) {
    const known = before.get(vm.id);
    if (known === undefined) found.push({ id: vm.id, text: `${vm.name}: was not known` });
    else {
      const fields = (Object.keys(vm) as (keyof VmFacts)[]).filter(
        (field) => JSON.stringify(vm[field]) !== JSON.stringify(known[field]),
      );
      if (fields.length > 0) found.push({ id: vm.id, text: `${vm.name}: ${fields.join(', ')} differed` });
    }
  }
  for (const vm of before.values()) {
    if (!after.has(vm.id)) found.push({ id: vm.id, text: `${vm.name}: is gone` });
  }
  return found;
}
