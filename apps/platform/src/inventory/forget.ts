import { sql } from 'kysely';
import type { Database } from '../state/database.ts';
import { lock, PLATFORM, transact } from '../state/work.ts';

/** Forgets VMs that no host has reported for so long, with what people set of them. Their flows stay as long as flows do. */
export async function forgetGoneVms(db: Database, hours: number): Promise<void> {
  await transact(db, PLATFORM, async ({ tx, changed }) => {
    await lock(tx, 'inventory');
    const rows = await tx
      .deleteFrom('vms')
      .where('state', '=', 'gone')
      .where('changed_at', '<', sql<Date>`now() - make_interval(secs => ${hours * 3600})`)
      .returning('id')
      .execute();
    for (const { id } of rows) changed('vm', id);
  });
}
