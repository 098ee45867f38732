import type { ObservedVm } from '@hypervigil/contract';
import type { VmState } from '@hypervigil/model';
import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely';
import type { Now, When } from './columns.ts';

export interface TenantTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  description: string;
  intra_tenant: 'allow' | 'deny';
  created_at: Now;
}

interface NetworkTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  vlan: number | null;
  cidrs: string[];
  tenant_id: string | null;
  created_at: Now;
}

interface VmTable {
  id: string;
  name: string;
  host_id: string | null;
  tenant_id: string | null;
  /** True when a person gave the VM to its tenant: claims no longer change it. Likewise for the other `_set` columns. */
  tenant_set: Generated<boolean>;
  state: VmState;
  vcpus: number;
  memory_mib: number;
  hypervisor: 'kvm' | 'qemu' | 'other';
  tags: JSONColumnType<Record<string, string>>;
  tags_set: Generated<boolean>;
  quarantine_reason: string | null;
  quarantined_by: string | null;
  /** Null when it is not quarantined. */
  quarantined_at: When;
  first_seen_at: Now;
  changed_at: Now;
}

interface VnicTable {
  id: string;
  num: GeneratedAlways<number>;
  vm_id: string;
  mac: string;
  network_id: string | null;
  network_set: Generated<boolean>;
  ipv4: string[];
  ipv4_set: Generated<boolean>;
  ipv6: string[];
  ipv6_set: Generated<boolean>;
  device: string | null;
  ofport: number | null;
  on_switch: boolean;
  enforced: boolean;
  /** Place among its VM's vNICs. */
  position: number;
}

/** What each host last said of a VM. During a migration there are two; see `inventory/owner.ts`. */
interface SightingTable {
  vm_id: string;
  host_id: string;
  /** When this host began to run the VM; null while it does not. */
  active_since: When;
  observed: JSONColumnType<ObservedVm>;
  seen_at: Now;
}

/** What runs, and whose it is. */
export interface CloudTables {
  tenants: TenantTable;
  networks: NetworkTable;
  vms: VmTable;
  vnics: VnicTable;
  sightings: SightingTable;
}
