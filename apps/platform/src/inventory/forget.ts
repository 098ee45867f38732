import { sql } from 'kysely';
import type { Database } from '../state/database.ts';
import { lock, PLATFORM, transact } from '../state/work.ts';

/** Gone VMs that are kept at most, however young: a hostile host can name and unname VMs for ever. */
const MAX_GONE = 50_000;

/** Forgets VMs that no host has reported for so long, with what people set of them. Their flows stay as long as flows do. */
export async function forgetGoneVms(db: Database, hours: number): Promise<void> {
  await transact(db, PLATFORM, async ({ tx, changed }) => {
    await lock(tx, 'inventory');
    const rows = await tx
      .deleteFrom('vms')
      .where('state', '=', 'gone')
      .where(sql<boolean>`(changed_at < now() - make_interval(secs => ${hours * 3600}) or id in (
        select id from vms where state = 'gone' order by changed_at desc offset ${MAX_GONE}))`)
      .returning('id')
      .execute();
    for (const { id } of rows) changed('vm', id);
  });
}
