import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table threat_feeds (
    set_id uuid primary key references address_sets on delete cascade,
    url text,
    format text not null,
    csv_column text,
    every_minutes integer not null,
    next_at timestamptz,
    tried_at timestamptz,
    checked_at timestamptz,
    fetched_at timestamptz,
    source text,
    sha256 text,
    bytes integer,
    etag text,
    last_modified text,
    taken integer not null default 0,
    left_out jsonb not null default '[]',
    problem jsonb)`,
  'create index on threat_feeds (next_at)',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
