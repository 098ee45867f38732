import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table mirrors (
    id uuid primary key,
    num integer not null generated always as identity,
    name text not null constraint mirrors_name_key unique,
    description text not null,
    tenant_id uuid not null constraint mirrors_tenant_id_fkey references tenants on delete cascade,
    vm_ids uuid[] not null,
    one_in integer not null,
    target jsonb not null,
    revision integer not null default 1,
    changed_at timestamptz not null default now())`,
  `create table mirror_reports (
    mirror_id uuid not null references mirrors on delete cascade,
    host_id uuid not null references hosts on delete cascade,
    report jsonb not null,
    primary key (mirror_id, host_id))`,
  `create table captures (
    id uuid primary key,
    mirror_id uuid not null references mirrors on delete cascade,
    bounds jsonb not null,
    started_by text not null,
    created_at timestamptz not null default now(),
    ends_at timestamptz not null,
    running boolean not null default true)`,
  'create unique index captures_running on captures (mirror_id) where running',
  `create table capture_files (
    id uuid not null unique default gen_random_uuid(),
    capture_id uuid not null references captures on delete cascade,
    host_id uuid not null references hosts on delete cascade,
    report jsonb not null,
    primary key (capture_id, host_id))`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
