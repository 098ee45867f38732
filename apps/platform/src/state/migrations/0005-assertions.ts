import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table assertions (
    id uuid primary key,
    name text not null unique,
    kind text not null check (kind in ('never', 'always', 'only')),
    from_end jsonb not null,
    to_end jsonb not null,
    services jsonb not null,
    owner text not null,
    comment text not null,
    enabled boolean not null,
    revision integer not null default 1,
    changed_at timestamptz not null default now())`,
  `create table assertion_states (
    assertion_id uuid primary key references assertions on delete cascade,
    state text not null check (state in ('holds', 'violated', 'void')),
    violation jsonb,
    checked_at timestamptz not null default now())`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
