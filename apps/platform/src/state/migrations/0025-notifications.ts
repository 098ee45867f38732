import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table notification_routes (
    id uuid primary key,
    name text not null,
    description text not null,
    tenant_id uuid references tenants on delete cascade,
    enabled boolean not null,
    language text not null,
    match jsonb not null,
    per_hour integer not null,
    target jsonb not null,
    place text not null,
    secrets bytea not null,
    secret_names text[] not null,
    revision integer not null default 0,
    changed_at timestamptz not null default now(),
    leased_until timestamptz,
    leased_by uuid,
    turn_at timestamptz,
    failures integer not null default 0,
    failing_since timestamptz,
    problem jsonb,
    retry_at timestamptz,
    last_sent_at timestamptz,
    tested_at timestamptz)`,
  // A name is its owner's: nobody learns by it what others have called theirs.
  `create unique index notification_routes_name on notification_routes
    (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'), name)`,
  'create index notification_routes_owner on notification_routes (tenant_id)',
  // What it tells stays when the alert is forgotten, and goes with its route.
  `create table notification_outbox (
    id uuid primary key,
    route_id uuid not null references notification_routes on delete cascade,
    event text not null,
    alert_id uuid,
    code text,
    severity text,
    vm_name text,
    count integer not null default 1,
    content jsonb not null,
    state text not null default 'waiting',
    attempts integer not null default 0,
    created_at timestamptz not null default now(),
    next_at timestamptz not null default now(),
    finished_at timestamptz,
    problem jsonb,
    answer text,
    digest_id uuid)`,
  `create index notification_outbox_due on notification_outbox (route_id, next_at) where state = 'waiting'`,
  `create index notification_outbox_held on notification_outbox (route_id, created_at) where state = 'held' and digest_id is null`,
  `create index notification_outbox_sent on notification_outbox (route_id, finished_at) where state = 'sent'`,
  'create index notification_outbox_newest on notification_outbox (created_at desc, id desc)',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
