import type { Vnic } from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { getVm } from './vms.ts';

export interface VnicInput {
  readonly networkId?: string | null | undefined;
  readonly ipv4?: string[] | undefined;
  readonly ipv6?: string[] | undefined;
}

/** What a person says of a vNIC; from then on its metadata's claims about that are ignored. */
export async function updateVnic(db: Database, actor: Actor, id: string, input: VnicInput): Promise<Vnic> {
  const unknownNetwork = () => unknownId('networkId', 'network');
  return explaining({ vnics_network_id_fkey: unknownNetwork }, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      await lock(tx, 'inventory');
      const row = await tx
        .updateTable('vnics')
        .set({
          ...(input.networkId === undefined ? {} : { network_id: input.networkId }),
          ...(input.ipv4 === undefined ? {} : { ipv4: input.ipv4 }),
          ...(input.ipv6 === undefined ? {} : { ipv6: input.ipv6 }),
          network_set: sql`network_set or ${input.networkId !== undefined}`,
          ipv4_set: sql`ipv4_set or ${input.ipv4 !== undefined}`,
          ipv6_set: sql`ipv6_set or ${input.ipv6 !== undefined}`,
        })
        .where('id', '=', id)
        .returning(['vm_id', 'network_id', 'ipv4', 'ipv6'])
        .executeTakeFirst();
      if (row === undefined) throw notFound('vnic', id);
      await requireFreeAddresses(tx, id, row);
      await tx.updateTable('vms').set({ changed_at: new Date() }).where('id', '=', row.vm_id).execute();
      audit({ action: 'vnic.updated', subject: `vnic:${id}`, params: { ...input, vmId: row.vm_id } });
      changed('vm', row.vm_id);
      const vm = await getVm(tx, row.vm_id);
      return vm.vnics.find((vnic) => vnic.id === id)!;
    }),
  );
}

/** One address belongs to one vNIC of a network, or replies would reach whoever came first. */
async function requireFreeAddresses(
  tx: Tx,
  id: string,
  vnic: { network_id: string | null; ipv4: string[]; ipv6: string[] },
): Promise<void> {
  if (vnic.network_id === null) return;
  const { rows } = await sql<{ name: string; address: string }>`
    select vms.name, address from vnics join vms on vms.id = vnics.vm_id, unnest(vnics.ipv4 || vnics.ipv6) as address
    where vnics.network_id = ${vnic.network_id} and vnics.id <> ${id} and vms.state <> 'gone'
      and address::inet = any(${[...vnic.ipv4, ...vnic.ipv6]}::inet[]) limit 1`.execute(tx);
  const [taken] = rows;
  if (taken === undefined) return;
  throw new ApiFailure('address-taken', { address: taken.address, vm: taken.name });
}
