import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // All that is to be said of an incident follows from its alerts. One that was merged stays and leads to what has it, for as long as that is there.
  `create table incidents (
    id uuid primary key,
    created_at timestamptz not null default now(),
    arranged boolean not null default false,
    merged_into uuid references incidents on delete cascade)`,
  'create index incidents_merged on incidents (merged_into)',
  // An older platform may still raise alerts without one: whoever sees them next gives them theirs.
  `alter table alerts
    add column incident_id uuid references incidents,
    add column entities text[] not null default '{}',
    add column ties jsonb not null default '[]',
    add column placed_by text,
    add column placed_at timestamptz`,
  'insert into incidents (id, created_at) select id, created_at from alerts',
  'update alerts set incident_id = id',
  'create index alerts_incident on alerts (incident_id)',
  'create index alerts_entities on alerts using gin (entities)',
  // The timeline asks both of them by alert.
  'create index audit_subject on audit (subject)',
  'create index notification_outbox_alert on notification_outbox (alert_id)',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
