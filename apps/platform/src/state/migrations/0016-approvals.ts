import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // Whose draft: the provider's has the id of nothing.
  `create table draft_owners (
    owner uuid primary key,
    revision integer not null)`,
  // By name: names of accounts are given once, and whoever has no account of their own counts as well.
  `create table draft_authors (
    owner uuid not null,
    name text not null,
    primary key (owner, name))`,
  `create table draft_approvals (
    owner uuid not null,
    name text not null,
    at timestamptz not null default now(),
    primary key (owner, name))`,
  `create table approval_settings (
    tier text primary key,
    approvers integer not null check (approvers >= 0))`,
  `insert into approval_settings (tier, approvers) values ('emergency', 0), ('platform', 0), ('tenant', 0), ('baseline', 0)`,
  `alter table policy_revisions add column approval jsonb`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
