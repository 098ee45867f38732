import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table schedules (
    id uuid primary key,
    name text not null unique,
    description text not null,
    hours jsonb not null,
    revision integer not null default 1,
    changed_at timestamptz not null default now())`,
  `create table named_services (
    id uuid primary key,
    name text not null unique,
    description text not null,
    services jsonb not null,
    revision integer not null default 1,
    changed_at timestamptz not null default now())`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
