import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // What came of a host's flows in a minute, and how late; kept for hours.
  `create table flow_arrivals (
    host_id uuid not null references hosts on delete cascade,
    at timestamptz not null,
    last_at timestamptz not null,
    lag_ms bigint,
    records bigint not null,
    names bigint not null,
    lost bigint not null,
    repeated bigint not null,
    unjudged bigint not null,
    primary key (host_id, at))`,
  'create index flow_arrivals_at on flow_arrivals (at)',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
