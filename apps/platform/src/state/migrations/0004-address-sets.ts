import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table address_sets (
    id uuid primary key,
    num bigint not null unique generated always as identity (maxvalue 1073741823),
    name text not null unique,
    description text not null,
    tenant_id uuid references tenants,
    entry_count integer not null,
    excluded_count integer not null,
    ipv4_blocks integer not null,
    ipv6_blocks integer not null,
    revision integer not null default 1,
    changed_at timestamptz not null default now())`,
  // Apart, so that no list of sets reads a hundred thousand addresses.
  `create table address_set_entries (
    set_id uuid primary key references address_sets on delete cascade,
    entries text[] not null,
    excluded text[] not null)`,
  // Rules are documents. Those of before name no address sets.
  `create function pg_temp.with_address_sets(rules jsonb) returns jsonb language sql as $$
    select coalesce(jsonb_agg(jsonb_set(jsonb_set(rule, '{from,addressSetIds}', '[]'), '{to,addressSetIds}', '[]')
      order by place), '[]')
    from jsonb_array_elements(rules) with ordinality as r (rule, place) $$`,
  'update draft_policies set rules = pg_temp.with_address_sets(rules)',
  `update policy_revisions set policies = (
    select coalesce(jsonb_agg(jsonb_set(policy, '{rules}', pg_temp.with_address_sets(policy->'rules')) order by place), '[]')
    from jsonb_array_elements(policies) with ordinality as p (policy, place))`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
