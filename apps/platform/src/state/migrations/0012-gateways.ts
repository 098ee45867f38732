import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // Numbers stand in sixteen bits of a connection's label. Gateways come and go, so theirs begin again some day.
  `create table gateway_groups (
    id uuid primary key,
    num integer not null generated always as identity (maxvalue 65535),
    name text not null constraint gateway_groups_name_key unique,
    description text not null,
    tenant_id uuid constraint gateway_groups_tenant_id_fkey references tenants on delete cascade,
    per_host integer not null,
    vcpus integer not null,
    memory_mib integer not null,
    detect boolean not null,
    revision integer not null default 1,
    changed_at timestamptz not null default now())`,
  'create sequence gateway_nums as integer minvalue 1 maxvalue 65535 cycle',
  `create table gateways (
    id uuid primary key,
    num integer not null unique default nextval('gateway_nums'),
    group_id uuid not null references gateway_groups on delete cascade,
    host_id uuid not null references hosts on delete cascade,
    epoch integer not null default 0,
    drain boolean not null default false,
    replaced_by uuid references gateways on delete set null,
    replaced_at timestamptz,
    report jsonb,
    created_at timestamptz not null default now(),
    seen_at timestamptz)`,
  'create index on gateways (host_id)',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
