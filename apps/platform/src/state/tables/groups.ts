import type { Generated, GeneratedAlways } from 'kysely';
import type { Now } from './columns.ts';

interface GroupTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  description: string;
  tenant_id: string | null;
  /** The selector, as `printSelector` writes it. */
  expression: string;
  revision: Generated<number>;
  changed_at: Now;
}

interface GroupVmTable {
  group_id: string;
  vm_id: string;
}

interface GroupNetworkTable {
  group_id: string;
  network_id: string;
}

interface GroupTenantTable {
  group_id: string;
  tenant_id: string;
}

interface GroupGroupTable {
  group_id: string;
  inner_id: string;
}

/** Security groups. */
export interface GroupsTables {
  groups: GroupTable;
  group_vms: GroupVmTable;
  group_networks: GroupNetworkTable;
  group_tenants: GroupTenantTable;
  group_groups: GroupGroupTable;
}
