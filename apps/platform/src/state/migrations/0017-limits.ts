import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // Names are kept as they were given: a VM that goes must not make of its limit one of everybody.
  `create table limits (
    id uuid primary key,
    num integer not null unique generated always as identity,
    name text not null unique,
    description text not null,
    vm_ids uuid[] not null,
    group_ids uuid[] not null,
    limit_values jsonb not null,
    revision integer not null default 1,
    changed_at timestamptz not null default now())`,
  `create table limit_drops (
    host_id uuid not null references hosts on delete cascade,
    vnic_num bigint not null,
    kind text not null,
    dropped_packets bigint not null,
    dropped_bytes bigint not null,
    since timestamptz not null,
    last_at timestamptz not null,
    primary key (host_id, vnic_num, kind))`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
