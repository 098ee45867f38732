import type { Group } from '@hypervigil/model';
import { sql } from 'kysely';
import type { Database, Tx } from '../state/database.ts';

/** What a group names, by the field that has it: the table and its column. */
export const PARTS = {
  vmIds: ['group_vms', 'vm_id'],
  networkIds: ['group_networks', 'network_id'],
  tenantIds: ['group_tenants', 'tenant_id'],
  groupIds: ['group_groups', 'inner_id'],
} as const;
export type Part = keyof typeof PARTS;

const idsOf = (part: Part) => {
  const [table, column] = PARTS[part];
  return sql<string[]>`array(select ${sql.ref(column)}::text from ${sql.table(table)}
    where group_id = groups.id order by ${sql.ref(column)})`;
};

export const selectGroups = (db: Database | Tx) =>
  db
    .selectFrom('groups')
    .selectAll('groups')
    .select([
      idsOf('vmIds').as('vm_ids'),
      idsOf('networkIds').as('network_ids'),
      idsOf('tenantIds').as('tenant_ids'),
      idsOf('groupIds').as('group_ids'),
    ]);
type Row = Awaited<ReturnType<ReturnType<typeof selectGroups>['executeTakeFirstOrThrow']>>;

export function toGroup(row: Row): Group {
  return {
    id: row.id,
    num: row.num,
    name: row.name,
    description: row.description,
    tenantId: row.tenant_id,
    vmIds: row.vm_ids,
    selector: row.expression,
    networkIds: row.network_ids,
    tenantIds: row.tenant_ids,
    groupIds: row.group_ids,
    revision: row.revision,
    changedAt: row.changed_at.toISOString(),
  };
}

export async function findGroups(db: Database | Tx, ids?: readonly string[]): Promise<Group[]> {
  const rows = await selectGroups(db)
    .$if(ids !== undefined, (b) => b.where(sql<boolean>`groups.id = any(${ids}::uuid[])`))
    .execute();
  return rows.map(toGroup);
}
