import { type Language, type PolicyStatus, problemOf } from '@hypervigil/contract';
import type { Analyst } from '../analysis/analyst.ts';
import { passGate } from '../assertions/gate.ts';
import { ApiFailure } from '../errors.ts';
import type { Database } from '../state/database.ts';
import { decodeCursor, type ListInput, type ListOf, pageOf } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { draftMistakes } from './check.ts';
import { inOrder, readDraft, toPolicy } from './draft.ts';
import { staleRevision } from './groups.ts';
import { markPublished } from './rules.ts';

/**
 * Makes the draft one new revision.
 * @throws ApiFailure `stale-revision` when the draft is another than the one that was looked at, `invalid-request` with
 *   the draft's problems, `assertion-violated` with packets that must not be
 */
export async function publish(
  db: Database,
  analyst: Analyst,
  actor: Actor,
  input: { draftRevision: number; comment: string; override?: string | undefined },
): Promise<void> {
  // Proven outside of the transaction, which goes on only when the draft is still the one that was looked at.
  const overridden = await passGate(db, analyst, input);
  await transact(db, actor, async ({ tx, audit, changed }) => {
    await lock(tx, 'policy');
    const state = await tx.selectFrom('policy_state').selectAll().executeTakeFirstOrThrow();
    if (state.draft_revision !== input.draftRevision) throw staleRevision(state.draft_revision);
    const mistakes = await draftMistakes(tx);
    if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
    await tx.deleteFrom('draft_policies').where('removed', '=', true).execute();
    const rows = await tx.selectFrom('draft_policies').selectAll().execute();
    const policies = rows.map(toPolicy).sort(inOrder);
    const revision = state.published_revision + 1;
    const rules = policies.reduce((sum, policy) => sum + policy.rules.length, 0);
    await tx
      .insertInto('policy_revisions')
      .values({ revision, policies: JSON.stringify(policies), rules, comment: input.comment, published_by: actor.name })
      .execute();
    await tx.updateTable('policy_state').set({ published_revision: revision }).execute();
    await markPublished(tx, policies);
    const subject = `revision:${revision}`;
    audit({ action: 'policy.published', subject, params: { rules, comment: input.comment } });
    if (overridden !== undefined) audit({ action: 'assertions.overridden', subject, params: { ...overridden } });
    changed('policy');
  });
}

export async function policyStatus(db: Database, language: Language): Promise<PolicyStatus> {
  const [state, draft, mistakes, hosts] = await Promise.all([
    db
      .selectFrom('policy_state')
      .leftJoin('policy_revisions', 'policy_revisions.revision', 'policy_state.published_revision')
      .select(['draft_revision', 'published_revision', 'published_at', 'published_by'])
      .executeTakeFirstOrThrow(),
    readDraft(db),
    draftMistakes(db),
    db.selectFrom('hosts').selectAll().where('revoked', '=', false).orderBy('name').execute(),
  ]);
  const count = (change: 'added' | 'changed' | 'removed') => draft.filter((policy) => policy.change === change).length;
  return {
    publishedRevision: state.published_revision,
    publishedAt: state.published_at?.toISOString() ?? null,
    publishedBy: state.published_by,
    draftRevision: state.draft_revision,
    changes: { added: count('added'), changed: count('changed'), removed: count('removed') },
    problems: mistakes.map((mistake) => problemOf(language, mistake)),
    hosts: hosts.map((host) => ({
      hostId: host.id,
      name: host.name,
      online: host.channel_id !== null,
      policyRevision: host.applied_policy_revision,
      enforced: enforces(host, state.published_revision),
      error: host.apply_error,
    })),
  };
}

/** A host that has applied nothing yet enforces no policy, not even the one before the first. */
export function enforces(
  host: { applied_revision: number; applied_policy_revision: number; apply_error: string | null },
  policyRevision: number,
): boolean {
  return host.applied_revision > 0 && host.applied_policy_revision === policyRevision && host.apply_error === null;
}

interface Revision {
  revision: number;
  publishedAt: string;
  publishedBy: string;
  comment: string;
  rules: number;
}

export async function listRevisions(db: Database, { limit, cursor, q }: ListInput): Promise<ListOf<Revision>> {
  const after = decodeCursor(cursor, ['number']);
  const matching = db
    .selectFrom('policy_revisions')
    .$if(q !== undefined, (b) =>
      b.where((e) => e.or([e('comment', 'ilike', `%${q}%`), e('published_by', 'ilike', `%${q}%`)])),
    );
  const [{ total }, rows] = await Promise.all([
    matching.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    matching
      .select(['revision', 'published_at', 'published_by', 'comment', 'rules'])
      .$if(after !== undefined, (b) => b.where('revision', '<', after![0]))
      .orderBy('revision', 'desc')
      .limit(limit + 1)
      .execute(),
  ]);
  const toItem = (row: (typeof rows)[number]): Revision => ({
    revision: row.revision,
    publishedAt: row.published_at.toISOString(),
    publishedBy: row.published_by,
    comment: row.comment,
    rules: row.rules,
  });
  return { ...pageOf(rows, limit, (row) => [row.revision], toItem), total };
}
