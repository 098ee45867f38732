import { sql } from 'kysely';
import type { Database, Tx } from '../state/database.ts';
import { PLATFORM, transact } from '../state/work.ts';

/** A channel of this process. */
export interface Held {
  readonly hostId: string;
  readonly channelId: string;
}

/** A host whose platform process stopped saying so is offline after this. */
const SILENT_SECONDS = 5;

/**
 * Which process holds which host's channel, in the database, so that every process answers alike. The newest channel of
 * a host wins; the process that holds an older one sees that in the event and closes it.
 */
export interface Presence {
  /** For a process that begins alone, with a database of its own: who held a channel before has ended. */
  beginAlone(): Promise<void>;
  /** @returns false when the host was revoked meanwhile */
  arrived(held: Held): Promise<boolean>;
  left(held: Held): Promise<void>;
  /** Every second: says that our channels live, then finds those whose process died. */
  beat(ours: readonly Held[]): Promise<void>;
}

export function createPresence(db: Database, processId: string): Presence {
  return {
    beginAlone: () =>
      transact(db, PLATFORM, async ({ tx, changed }) => {
        const none = { channel_process: null, channel_id: null };
        const held = tx.updateTable('hosts').set(none).where('channel_id', 'is not', null);
        for (const { id } of await held.returning('id').execute()) changed('host', id);
      }),
    arrived: ({ hostId, channelId }) =>
      transact(db, PLATFORM, async ({ tx, changed }) => {
        const { numUpdatedRows } = await tx
          .updateTable('hosts')
          .set({ channel_process: processId, channel_id: channelId, last_seen_at: sql`now()` })
          .where('id', '=', hostId)
          .where('revoked', '=', false)
          .executeTakeFirst();
        changed('host', hostId);
        return numUpdatedRows > 0n;
      }),
    left: ({ hostId, channelId }) =>
      transact(db, PLATFORM, async ({ tx, changed }) => {
        const { numUpdatedRows } = await tx
          .updateTable('hosts')
          .set({ channel_process: null, channel_id: null, last_seen_at: sql`now()` })
          .where('id', '=', hostId)
          .where('channel_id', '=', channelId)
          .executeTakeFirst();
        if (numUpdatedRows > 0n) changed('host', hostId);
      }),
    beat: (ours) =>
      transact(db, PLATFORM, async ({ tx, changed }) => {
        const back = await refresh(tx, processId, ours);
        const lost = await tx
          .updateTable('hosts')
          .set({ channel_process: null, channel_id: null })
          .where('channel_id', 'is not', null)
          // Seen in the future: the clock was set back since, and who lives says so within a second.
          .where(sql<boolean>`abs(extract(epoch from now() - last_seen_at)) > ${SILENT_SECONDS}`)
          .returning('id')
          .execute();
        for (const { id } of [...back, ...lost]) changed('host', id);
      }),
  };
}

/** @returns hosts that another process took for lost (a database that was away for long) and that are ours still */
async function refresh(tx: Tx, processId: string, ours: readonly Held[]) {
  if (ours.length === 0) return [];
  const held = JSON.stringify(ours);
  const { rows } = await sql<{ id: string; was: string | null }>`
    with held as (select * from jsonb_to_recordset(${held}::jsonb) as h ("hostId" uuid, "channelId" uuid)),
      old as (
        select hosts.id, hosts.channel_id as was, held."channelId"
        from hosts join held on held."hostId" = hosts.id
        where not revoked and (channel_id is null or channel_id = held."channelId") for update of hosts)
    update hosts set last_seen_at = now(), channel_id = old."channelId", channel_process = ${processId}
    from old where hosts.id = old.id
    returning hosts.id, old.was`.execute(tx);
  return rows.filter((row) => row.was === null);
}
