import type { ObservedVm, ObservedVnic } from '@hypervigil/contract';
import { Tags, type VmState } from '@hypervigil/model';
import type { Sighting } from './owner.ts';

export interface VmFields {
  readonly id: string;
  readonly name: string;
  readonly host_id: string | null;
  readonly tenant_id: string | null;
  readonly state: VmState;
  readonly vcpus: number;
  readonly memory_mib: number;
  readonly hypervisor: 'kvm' | 'qemu' | 'other';
  readonly tags: Record<string, string>;
}
export interface KnownVm extends VmFields {
  readonly tenant_set: boolean;
  readonly tags_set: boolean;
}

export interface VnicFields {
  readonly id: string;
  readonly vm_id: string;
  readonly mac: string;
  readonly network_id: string | null;
  readonly ipv4: string[];
  readonly ipv6: string[];
  readonly device: string | null;
  readonly ofport: number | null;
  readonly on_switch: boolean;
  readonly enforced: boolean;
  readonly position: number;
}
export interface KnownVnic extends VnicFields {
  readonly network_set: boolean;
  readonly ipv4_set: boolean;
  readonly ipv6_set: boolean;
}

/** Ids of the names that metadata claims; null when claims are not believed. */
export interface Claims {
  readonly tenant: (name: string) => string | null;
  readonly network: (name: string) => string | null;
}

export interface Merged {
  readonly vm: VmFields;
  readonly vnics: readonly VnicFields[];
}

/**
 * What a VM is now: the observation of the host that has it, with what people set in place of what metadata claims.
 * Without a host it is gone, and keeps what was last known of it.
 */
export function mergeVm(
  id: string,
  known: KnownVm | undefined,
  knownVnics: readonly KnownVnic[],
  owner: Sighting | undefined,
  claims: Claims | null,
): Merged | undefined {
  if (owner === undefined) return known === undefined ? undefined : gone(known, knownVnics);
  const { observed, hostId } = owner;
  const byId = new Map(knownVnics.map((vnic) => [vnic.id, vnic]));
  return {
    vm: {
      id,
      name: observed.name,
      host_id: hostId,
      tenant_id: tenantOf(known, observed, claims),
      state: observed.state,
      vcpus: observed.vcpus,
      memory_mib: observed.memoryMiB,
      hypervisor: observed.hypervisor,
      tags: tagsOf(known, observed, claims),
    },
    vnics: observed.vnics.map((vnic, position) => mergeVnic(id, byId.get(vnic.id), vnic, position, claims)),
  };
}

function gone(known: KnownVm, vnics: readonly KnownVnic[]): Merged {
  const { tenant_set: _, tags_set: __, ...vm } = known;
  return {
    vm: { ...vm, host_id: null, state: 'gone' },
    vnics: vnics.map(({ network_set: _n, ipv4_set: _4, ipv6_set: _6, ...vnic }) => ({
      ...vnic,
      ofport: null,
      on_switch: false,
      enforced: false,
    })),
  };
}

function tenantOf(known: KnownVm | undefined, observed: ObservedVm, claims: Claims | null): string | null {
  if (known?.tenant_set || claims === null) return known?.tenant_id ?? null;
  return observed.claims.tenant === null ? null : claims.tenant(observed.claims.tenant);
}

function tagsOf(known: KnownVm | undefined, observed: ObservedVm, claims: Claims | null): Record<string, string> {
  if (known?.tags_set || claims === null) return known?.tags ?? {};
  return Tags.safeParse(observed.claims.tags).data ?? {};
}

function mergeVnic(
  vmId: string,
  known: KnownVnic | undefined,
  observed: ObservedVnic,
  position: number,
  claims: Claims | null,
): VnicFields {
  const claimed = observed.claims;
  const network = claims === null || claimed.network === null ? null : claims.network(claimed.network);
  return {
    id: observed.id,
    vm_id: vmId,
    mac: observed.mac,
    network_id: known?.network_set || claims === null ? (known?.network_id ?? null) : network,
    ipv4: known?.ipv4_set || claims === null ? (known?.ipv4 ?? []) : claimed.ipv4,
    ipv6: known?.ipv6_set || claims === null ? (known?.ipv6 ?? []) : claimed.ipv6,
    device: observed.device,
    ofport: observed.ofport,
    on_switch: observed.onSwitch,
    enforced: observed.enforced,
    position,
  };
}
