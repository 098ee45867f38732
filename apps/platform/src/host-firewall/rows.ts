import { sql } from 'kysely';
import type { Database, Tx } from '../state/database.ts';

/** A host that has no row yet, since it joined after the default was set, gets the default: confirmed when that is. */
export async function ensureRows(db: Database | Tx, id?: string): Promise<void> {
  await sql`insert into host_firewalls (host_id, inherited, revision, policy, trial_seconds, confirmed, changed_at, changed_by)
    select hosts.id, true, least(d.revision, 1), d.policy, d.trial_seconds, d.confirmed, d.changed_at, d.changed_by
    from hosts, host_firewall_default d where ${id === undefined ? sql`true` : sql`hosts.id = ${id}`}
    on conflict do nothing`.execute(db);
}
