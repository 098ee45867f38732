import type { PublishProgress } from '@hypervigil/contract';
import { sql } from 'kysely';
import { badField, notFound } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { publishedRevision } from './published.ts';

/**
 * Remembers what a host said of a revision. It says the last thing again whenever it comes back: the first confirmation
 * stays. A revision that was never published is not believed.
 */
export async function recordProgress(
  tx: Tx,
  { hostId, revision, error }: { hostId: string; revision: number; error: string | null },
): Promise<void> {
  const [confirmed, refused] = error === null ? [sql`now()`, sql`null`] : [sql`null`, sql`now()`];
  await sql`
    insert into revision_hosts as said (revision, host_id, confirmed_at, refused_at, error)
    select revision, ${hostId}::uuid, ${confirmed}::timestamptz, ${refused}::timestamptz, ${error}
    from policy_revisions where revision = ${revision}
    on conflict (revision, host_id) do update set
      confirmed_at = coalesce(said.confirmed_at, excluded.confirmed_at),
      refused_at = coalesce(excluded.refused_at, said.refused_at),
      error = excluded.error`.execute(tx);
}

/**
 * @param text `published`, or the number of a revision
 * @throws ApiFailure `not-found` where it was never published, `invalid-request` where it is no number
 */
async function readRevision(db: Database, text: string): Promise<number> {
  if (text === 'published') return publishedRevision(db);
  if (!/^\d{1,9}$/.test(text)) throw badField('revision', { code: 'invalid', params: {} });
  return Number(text);
}

/** Who enforces a revision since when, and who could not. */
export async function publishProgress(db: Database, text: string): Promise<PublishProgress> {
  const revision = await readRevision(db, text);
  const row = await db
    .selectFrom('policy_revisions')
    .select(['published_at', 'published_by', 'comment'])
    .where('revision', '=', revision)
    .executeTakeFirst();
  if (row === undefined) throw notFound('revision', String(revision));
  const hosts = await db
    .selectFrom('hosts')
    .leftJoin('revision_hosts as said', (join) =>
      join.onRef('said.host_id', '=', 'hosts.id').on('said.revision', '=', revision),
    )
    .select(['hosts.id', 'hosts.name', 'channel_id', 'said.confirmed_at', 'said.refused_at', 'said.error'])
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('revision_hosts as later')
          .select('later.revision')
          .whereRef('later.host_id', '=', 'hosts.id')
          .where('later.revision', '>', revision)
          .where('later.confirmed_at', 'is not', null),
      ).as('has_later'),
    )
    .where('revoked', '=', false)
    .orderBy('name')
    .execute();
  return {
    revision,
    publishedAt: row.published_at.toISOString(),
    publishedBy: row.published_by,
    comment: row.comment,
    nextRevision: revision < (await publishedRevision(db)) ? revision + 1 : null,
    hosts: hosts.map(({ id, name, channel_id, confirmed_at, refused_at, error, has_later }) => ({
      host: { id, name },
      online: channel_id !== null,
      state: stateOf({ isConfirmed: confirmed_at !== null, error, hasLater: Boolean(has_later) }),
      confirmedAt: confirmed_at?.toISOString() ?? null,
      refusedAt: refused_at?.toISOString() ?? null,
      error,
    })),
  };
}

type State = PublishProgress['hosts'][number]['state'];

/** What a host says last counts: one that enforced a revision and cannot any more, refuses it. */
function stateOf({ isConfirmed, error, hasLater }: { isConfirmed: boolean; error: string | null; hasLater: boolean }) {
  const state: State = error !== null ? 'refused' : isConfirmed ? 'confirmed' : hasLater ? 'skipped' : 'waiting';
  return state;
}
