import { randomUUID } from 'node:crypto';
import type { Network } from '@hypervigil/model';
import { type RawBuilder, sql } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import { adoptClaimants } from '../inventory/adopt.ts';
import type { ClaimSettings } from '../inventory/claims.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';

type Input = Pick<Network, 'name' | 'vlan' | 'cidrs' | 'tenantId'>;

const vmCount = (
  counted: RawBuilder<boolean>,
) => sql<number>`(select count(distinct vnics.vm_id) from vnics join vms on vms.id = vnics.vm_id
  where vnics.network_id = networks.id and vms.state <> 'gone' and ${counted})`;
/** With how many VMs there are on each, of those that count. */
const select = (db: Database | Tx, counted: RawBuilder<boolean> = sql`true`) =>
  db.selectFrom('networks').selectAll('networks').select(vmCount(counted).as('vms'));
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

function toNetwork(row: Row): Network {
  return {
    id: row.id,
    num: row.num,
    name: row.name,
    vlan: row.vlan,
    cidrs: row.cidrs,
    tenantId: row.tenant_id,
    vms: row.vms,
    createdAt: row.created_at.toISOString(),
  };
}

const columns = ({ name, vlan, cidrs, tenantId }: Input) => ({ name, vlan, cidrs, tenant_id: tenantId });

const FAILURES = {
  networks_name_key: () => new ApiFailure('name-taken', { what: 'network', field: 'name' }),
  networks_tenant_id_fkey: () => unknownId('tenantId', 'tenant'),
  exporters_network_id_fkey: () => new ApiFailure('in-use', { what: 'network', by: 'exporter' }),
  vnics_network_id_fkey: () => new ApiFailure('in-use', { what: 'network', by: 'vnic' }),
};

/** Networks and VMs that whoever asks may know of. */
export interface Visible {
  readonly networks: RawBuilder<boolean>;
  readonly vms: RawBuilder<boolean>;
}

export const listNetworks = (db: Database, input: ListInput, { networks, vms }: Visible): Promise<ListOf<Network>> =>
  listByName(select(db, vms).where(namedLike(input.q)).where(networks), input, toNetwork);

export async function getNetwork(db: Database | Tx, id: string, counted?: RawBuilder<boolean>): Promise<Network> {
  const row = await select(db, counted).where('networks.id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('network', id);
  return toNetwork(row);
}

export function createNetwork(db: Database, actor: Actor, input: Input, claims: ClaimSettings): Promise<Network> {
  return explaining(FAILURES, () =>
    transact(db, actor, async (work) => {
      const { tx, audit, changed } = work;
      await lock(tx, 'inventory');
      const id = randomUUID();
      await tx
        .insertInto('networks')
        .values({ id, ...columns(input) })
        .execute();
      audit({ action: 'network.created', subject: `network:${id}`, params: input });
      changed('networks', id);
      await adoptClaimants(work, 'network', input.name, claims);
      return getNetwork(tx, id);
    }),
  );
}

export function updateNetwork(
  db: Database,
  actor: Actor,
  id: string,
  input: Input,
  claims: ClaimSettings,
): Promise<Network> {
  return explaining(FAILURES, () =>
    transact(db, actor, async (work) => {
      const { tx, audit, changed } = work;
      await lock(tx, 'inventory');
      await tx.updateTable('networks').set(columns(input)).where('id', '=', id).execute();
      const network = await getNetwork(tx, id);
      audit({ action: 'network.updated', subject: `network:${id}`, params: input });
      changed('networks', id);
      await adoptClaimants(work, 'network', input.name, claims);
      return network;
    }),
  );
}

export function deleteNetwork(db: Database, actor: Actor, id: string): Promise<void> {
  const named = () => new ApiFailure('in-use', { what: 'network', by: 'group' });
  return explaining({ ...FAILURES, group_networks_network_id_fkey: named }, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const ofGone = tx.selectFrom('vms').select('id').where('state', '=', 'gone');
      await tx
        .updateTable('vnics')
        .set({ network_id: null })
        .where('network_id', '=', id)
        .where('vm_id', 'in', ofGone)
        .execute();
      const row = await tx.deleteFrom('networks').where('id', '=', id).returning('name').executeTakeFirst();
      if (row === undefined) throw notFound('network', id);
      audit({ action: 'network.deleted', subject: `network:${id}`, params: { name: row.name } });
      changed('networks', id);
    }),
  );
}
