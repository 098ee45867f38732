import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table revision_hosts (
    revision integer not null references policy_revisions on delete cascade,
    host_id uuid not null references hosts on delete cascade,
    confirmed_at timestamptz,
    refused_at timestamptz,
    error text,
    primary key (revision, host_id))`,
  'create index on revision_hosts (host_id)',
  `create table revision_observations (
    revision integer primary key references policy_revisions on delete cascade,
    denied_talks integer not null,
    denied_vms integer not null,
    last_denied_at timestamptz)`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
