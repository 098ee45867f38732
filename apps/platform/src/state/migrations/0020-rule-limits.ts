import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // Of vNICs it was, now of rules too: whose number it is follows from the kind.
  'alter table limit_drops rename column vnic_num to num',
  `alter table limits
    add column network_ids uuid[] not null default '{}',
    add column tenant_ids uuid[] not null default '{}'`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
