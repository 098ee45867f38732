import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../state/database.ts';

/** Alerts that nobody has looked at, by whether they are severe. */
export interface WaitingAlerts {
  readonly severe: number;
  readonly others: number;
}

/** `visible` speaks of `alerts.vm_id` and `alerts.tenant_id`. */
export async function waitingAlerts(db: Database, visible: RawBuilder<boolean>): Promise<WaitingAlerts> {
  const { rows } = await sql<WaitingAlerts>`select
    count(*) filter (where severity in ('critical', 'high')) as severe,
    count(*) filter (where severity not in ('critical', 'high')) as others
    from alerts where state = 'new' and ${visible}`.execute(db);
  return rows[0]!;
}
