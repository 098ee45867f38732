import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table flow_views (
    id uuid primary key,
    name text not null,
    owner_id uuid not null references users on delete cascade,
    tenant_id uuid references tenants on delete cascade,
    shared boolean not null,
    question jsonb not null,
    revision integer not null default 0,
    changed_at timestamptz not null default now())`,
  // A name is its owner's: what others keep for themselves nobody learns by it.
  'create unique index flow_views_name on flow_views (owner_id, name)',
  'create index flow_views_shared on flow_views (tenant_id) where shared',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
