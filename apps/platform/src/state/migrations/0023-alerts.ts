import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // An alert stays when its VM goes: who was it, and whose, is written into it.
  `create table alerts (
    id uuid primary key,
    code text not null,
    about text not null,
    severity text not null,
    reason text not null,
    state text not null default 'new',
    resolution text,
    vm_id uuid not null,
    vm_name text not null,
    tenant_id uuid references tenants on delete set null,
    side text not null,
    technique text not null,
    expected jsonb not null,
    seen jsonb not null,
    peers jsonb not null,
    flow_keys text[] not null,
    count integer not null default 1,
    first_at timestamptz not null,
    last_at timestamptz not null,
    created_at timestamptz not null default now(),
    assignee text)`,
  `create unique index alerts_open on alerts (vm_id, code, about) where state <> 'closed'`,
  'create index alerts_newest on alerts (created_at desc, id desc)',
  `create table alert_comments (
    id uuid primary key,
    alert_id uuid not null references alerts on delete cascade,
    at timestamptz not null default now(),
    author text not null,
    text text not null)`,
  'create index alert_comments_alert on alert_comments (alert_id, at)',
  `create table detector_states (
    vm_id uuid primary key references vms on delete cascade,
    state jsonb not null,
    saved_at timestamptz not null default now())`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
