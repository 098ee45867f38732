import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // A response stays when its alert is forgotten, or its VM goes: what it did has still to be undone.
  `create table alert_responses (
    id uuid primary key,
    alert_id uuid references alerts on delete set null,
    code text not null,
    vm_id uuid not null,
    vm_name text not null,
    tenant_id uuid references tenants on delete set null,
    action text not null,
    ip text,
    set_id uuid references address_sets on delete set null,
    set_name text,
    state text not null default 'active',
    reason text not null,
    done_by text not null,
    created_at timestamptz not null default now(),
    until timestamptz,
    ended_at timestamptz,
    ended_by text,
    end_reason text)`,
  'create index alert_responses_alert on alert_responses (alert_id)',
  'create index alert_responses_newest on alert_responses (created_at desc, id desc)',
  `create index alert_responses_due on alert_responses (until) where state = 'active'`,
  // Nothing is done twice at a time, so undoing one response never takes away what another still wants.
  `create unique index alert_responses_quarantined on alert_responses (vm_id)
    where state = 'active' and action = 'quarantine'`,
  `create unique index alert_responses_blocked on alert_responses (set_id, ip)
    where state = 'active' and action = 'block-peer'`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
