import { sql } from 'kysely';
import type { Database } from '../state/database.ts';

/** A threat set that people should look at. */
export interface AgedThreatSet {
  readonly name: string;
  /** Hours since its source last gave or confirmed its entries; null when it never did. */
  readonly hours: number | null;
}

/** Sets whose source has missed two turns, or failed before the first. */
export async function agedThreatSets(db: Database): Promise<AgedThreatSet[]> {
  const { rows } = await sql<AgedThreatSet>`
    select name, floor(extract(epoch from now() - checked_at) / 3600)::int as hours
    from threat_feeds join address_sets on id = set_id
    where url is not null and case when checked_at is null then problem is not null
      else checked_at < now() - every_minutes * interval '2 minutes' - interval '10 minutes' end
    order by name limit 50`.execute(db);
  return rows;
}
