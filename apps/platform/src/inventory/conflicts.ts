import { sql } from 'kysely';
import type { Database } from '../state/database.ts';

/** Two or more vNICs of one network that have the same address: replies reach whoever came first. */
export interface AddressConflict {
  readonly network: string;
  readonly address: string;
  /** Names of the VMs, in order. */
  readonly vms: readonly string[];
}

/** More than anybody mends at once; the rest comes up when these are solved. */
const MAX_CONFLICTS = 10;

/**
 * A person cannot set an address that is taken, but metadata of two VMs can claim one, and both are then allowed to use
 * it: to refuse one of them would cut off whichever VM was seen second, which may well be the rightful one.
 */
export async function findConflicts(db: Database): Promise<AddressConflict[]> {
  const { rows } = await sql<AddressConflict>`
    select networks.name as network, host(address::inet) as address, array_agg(vms.name order by vms.name) as vms
    from vnics join vms on vms.id = vnics.vm_id join networks on networks.id = vnics.network_id,
      unnest(vnics.ipv4 || vnics.ipv6) as address
    where vms.state <> 'gone'
    group by networks.name, address::inet having count(distinct vnics.id) > 1
    order by networks.name, address::inet limit ${MAX_CONFLICTS}`.execute(db);
  return rows;
}
