import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table exporters (
    id uuid primary key,
    name text not null constraint exporters_name_key unique,
    description text not null,
    host_id uuid not null constraint exporters_host_id_fkey references hosts on delete cascade,
    address text not null,
    listen text not null,
    port integer not null,
    protocol text not null,
    network_id uuid constraint exporters_network_id_fkey references networks,
    sampling integer not null,
    revision integer not null default 1,
    changed_at timestamptz not null default now(),
    constraint exporters_source_key unique (host_id, listen, port, address))`,
  `create table exporter_reports (
    exporter_id uuid primary key references exporters on delete cascade,
    report jsonb not null)`,
  `create table exporter_strangers (
    host_id uuid primary key references hosts on delete cascade,
    heard jsonb not null)`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
