import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table detector_settings (
    id uuid primary key,
    group_id uuid constraint detector_settings_group_id_fkey references groups,
    codes text[] not null,
    sensitivity text not null,
    reason text not null,
    expires_at timestamptz,
    swallowed integer not null default 0,
    swallowed_at timestamptz,
    revision integer not null default 0,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    changed_by text not null)`,
  'create index detector_settings_group on detector_settings (group_id)',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
