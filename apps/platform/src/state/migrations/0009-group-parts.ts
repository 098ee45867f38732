import { type Kysely, sql } from 'kysely';

/** A word of a selector: in quotes unless it is plain (core/model selector.ts). */
const word = (column: string) => `case
  when ${column} ~ '^[A-Za-z0-9._/:@+-]+$' and lower(${column}) not in ('and', 'or', 'not') then ${column}
  else '"' || regexp_replace(${column}, '(["\\\\])', '\\\\\\1', 'g') || '"' end`;

const STATEMENTS = [
  // Tags that a VM must all have become the text that asks for them. The old column stays for an older process that still
  // serves; a later release removes it.
  `alter table groups alter column selector set default '{}'`,
  `alter table groups add column expression text not null default ''`,
  `update groups set expression = coalesce((
    select string_agg(${word('key')} || '=' || ${word('value')}, ' and ' order by key) from jsonb_each_text(selector)), '')`,
  `create table group_networks (
    group_id uuid not null references groups on delete cascade,
    network_id uuid not null references networks,
    primary key (group_id, network_id))`,
  'create index on group_networks (network_id)',
  `create table group_tenants (
    group_id uuid not null references groups on delete cascade,
    tenant_id uuid not null references tenants,
    primary key (group_id, tenant_id))`,
  'create index on group_tenants (tenant_id)',
  `create table group_groups (
    group_id uuid not null references groups on delete cascade,
    inner_id uuid not null references groups,
    primary key (group_id, inner_id))`,
  'create index on group_groups (inner_id)',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
