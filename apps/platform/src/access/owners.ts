import type { Resource } from '@hypervigil/authz';
import type { Id, Thing } from '@hypervigil/model';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../state/database.ts';

interface Owned {
  readonly table: string;
  /** SQL of whose a row is. */
  readonly owner: string;
  /** SQL of the VM, group or network that a row is or is about, for rights that are limited to some. */
  readonly part?: string;
  /** More columns that policies look at. */
  readonly more?: string;
}

/** Where the things are that belong to somebody, by what they are called. */
const OWNED = {
  vm: { table: 'vms', owner: 'tenant_id', part: 'id' },
  vnic: { table: 'vnics', owner: '(select tenant_id from vms where vms.id = vnics.vm_id)', part: 'vm_id' },
  network: { table: 'networks', owner: 'tenant_id', part: 'id' },
  tenant: { table: 'tenants', owner: 'id' },
  group: { table: 'groups', owner: 'tenant_id', part: 'id' },
  'address-set': { table: 'address_sets', owner: 'tenant_id' },
  'threat-set': { table: 'address_sets', owner: 'tenant_id' },
  mirror: { table: 'mirrors', owner: 'tenant_id' },
  capture: { table: 'captures', owner: '(select tenant_id from mirrors where mirrors.id = captures.mirror_id)' },
  'gateway-group': { table: 'gateway_groups', owner: 'tenant_id' },
  policy: { table: 'draft_policies', owner: 'tenant_id', more: 'tier' },
  rule: {
    table: 'rules',
    owner: '(select tenant_id from draft_policies where id = rules.policy_id)',
    more: '(select tier from draft_policies where id = rules.policy_id)',
  },
  alert: { table: 'alerts', owner: 'tenant_id', part: 'vm_id' },
  'alert-exception': { table: 'alert_exceptions', owner: 'tenant_id', part: 'vm_id' },
  response: { table: 'alert_responses', owner: 'tenant_id', part: 'vm_id' },
  notification: { table: 'notification_routes', owner: 'tenant_id' },
  task: { table: 'tasks', owner: '(select tenant_id from vms where vms.id = tasks.vm_id)', part: 'vm_id' },
  account: { table: 'users', owner: 'tenant_id', more: 'duty' },
} as const satisfies Partial<Record<Thing, Owned>>;
export type OwnedThing = keyof typeof OWNED;

export const isOwned = (thing: Thing): thing is OwnedThing => thing in OWNED;

export type Found = Pick<Resource, 'tenantId' | 'tier' | 'duty'> & { readonly id: Id; readonly part: Id | null };

/** What is there of these, as authorisation looks at it; ids of nothing are left out. */
export async function findOwned(db: Database, thing: OwnedThing, ids: readonly Id[]): Promise<Found[]> {
  const { table, owner, part, more }: Owned = OWNED[thing];
  const columns: RawBuilder<unknown>[] = [
    sql`id`,
    sql`${sql.raw(owner)} as "tenantId"`,
    sql`${part === undefined ? sql`null` : sql.raw(part)} as part`,
    ...(more === undefined ? [] : [sql.raw(more)]),
  ];
  const { rows } = await sql<Found>`select ${sql.join(columns)} from ${sql.table(table)}
    where id = any(${ids}::uuid[])`.execute(db);
  return rows;
}
