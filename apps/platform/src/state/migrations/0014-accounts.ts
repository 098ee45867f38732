import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // Who was there before people had duties is the account that the platform began with.
  `alter table users add column duty text not null default 'bootstrap'`,
  'alter table users alter column duty drop default',
  'alter table users add column tenant_id uuid constraint users_tenant_id_fkey references tenants',
  `alter table users add column scope_groups uuid[] not null default '{}'`,
  `alter table users add column scope_networks uuid[] not null default '{}'`,
  'alter table users add column disabled boolean not null default false',
  `alter table users add column created_by text not null default 'platform'`,
  'alter table users add column last_sign_in_at timestamptz',
  `alter table users add constraint users_duty_check check ((duty in ('tenant-admin', 'tenant-member')) = (tenant_id is not null))`,
  'create index on users (tenant_id)',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
