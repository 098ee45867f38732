import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table host_firewall_default (
    singleton boolean primary key default true check (singleton),
    revision integer not null,
    policy jsonb,
    trial_seconds integer not null,
    confirmed boolean not null,
    changed_at timestamptz,
    changed_by text)`,
  'insert into host_firewall_default (revision, trial_seconds, confirmed) values (0, 30, true)',
  // What each host is told stands in its own row, also where it is the default: a revision of a host only rises.
  `create table host_firewalls (
    host_id uuid primary key references hosts on delete cascade,
    inherited boolean not null,
    revision integer not null,
    policy jsonb,
    trial_seconds integer not null,
    confirmed boolean not null,
    changed_at timestamptz,
    changed_by text,
    status jsonb)`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
