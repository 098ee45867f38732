import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // Without `about`, it is for everything that the detector tells of the VM.
  `create table alert_exceptions (
    id uuid primary key,
    alert_id uuid references alerts on delete set null,
    vm_id uuid not null references vms on delete cascade,
    vm_name text not null,
    tenant_id uuid references tenants on delete cascade,
    code text not null,
    about text,
    peers text[] not null,
    owner text not null,
    reason text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    swallowed integer not null default 0,
    swallowed_at timestamptz)`,
  'create index alert_exceptions_vm on alert_exceptions (vm_id, code)',
  'create index alert_exceptions_alert on alert_exceptions (alert_id)',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
