import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table playbooks (
    id uuid primary key,
    name text not null constraint playbooks_name_key unique,
    description text not null,
    enabled boolean not null,
    match jsonb not null,
    action text not null,
    set_id uuid constraint playbooks_set_id_fkey references address_sets on delete set null,
    minutes integer,
    per_hour integer not null,
    per_vm_hour integer not null,
    approval_minutes integer,
    revision integer not null default 0,
    changed_at timestamptz not null default now())`,
  // An alert that fits is put here with its own change; an outcome is written once, so nothing is done twice.
  `create table playbook_runs (
    playbook_id uuid not null references playbooks on delete cascade,
    alert_id uuid not null references alerts on delete cascade,
    vm_id uuid not null,
    queued_at timestamptz not null default now(),
    outcome text,
    problem text,
    decided_at timestamptz,
    primary key (playbook_id, alert_id))`,
  'create index playbook_runs_queued on playbook_runs (queued_at) where outcome is null',
  'create index playbook_runs_decided on playbook_runs (playbook_id, decided_at desc)',
  'create index playbook_runs_alert on playbook_runs (alert_id)',
  'alter table alert_responses add playbook_id uuid references playbooks on delete set null',
  'alter table alert_responses add minutes integer',
  'alter table alert_responses add waits_until timestamptz',
  'alter table alert_responses add decided_by text',
  // Nobody is asked twice at a time whether the same may be done, either.
  'drop index alert_responses_quarantined',
  'drop index alert_responses_blocked',
  `create unique index alert_responses_quarantined on alert_responses (vm_id, state)
    where state in ('active', 'waiting') and action = 'quarantine'`,
  `create unique index alert_responses_blocked on alert_responses (set_id, ip, state)
    where state in ('active', 'waiting') and action = 'block-peer'`,
  `create index alert_responses_waiting on alert_responses (waits_until) where state = 'waiting'`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
