import { type DraftPolicy, type Language, type PolicyStatus, problemOf, type Revision } from '@hypervigil/contract';
import type { Id, Policy } from '@hypervigil/model';
import { sql } from 'kysely';
import type { Access } from '../access/access.ts';
import type { Analyst } from '../analysis/analyst.ts';
import { passGate } from '../assertions/gate.ts';
import { ApiFailure } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { decodeCursor, type ListInput, type ListOf, pageOf } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { draftApprovals, requireApproved } from './approvals.ts';
import { draftMistakes } from './check.ts';
import { draftHeads, readDraft } from './draft.ts';
import { forgetAuthors } from './draft-owners.ts';
import { staleRevision } from './groups.ts';
import { markPublished } from './rules.ts';
import { policiesSeenBy, withPartOf } from './seen.ts';

/**
 * Makes the draft one new revision, or a tenant's part of it.
 * @throws ApiFailure `stale-revision` when the draft is another than the one that was looked at, `invalid-request` with
 *   the draft's problems, `assertion-violated` with packets that must not be, `approval-missing`
 */
export async function publish(
  db: Database,
  analyst: Analyst,
  actor: Actor,
  input: { draftRevision: number; comment: string; override?: string | undefined },
  tenantId: Id | null = null,
): Promise<void> {
  // Proven outside of the transaction, which goes on only when the draft is still the one that was looked at.
  const overridden = await passGate(db, analyst, input, tenantId);
  await transact(db, actor, async ({ tx, audit, changed }) => {
    await lock(tx, 'policy');
    const state = await tx.selectFrom('policy_state').selectAll().executeTakeFirstOrThrow();
    const current = await draftRevision(tx, tenantId);
    if (current !== input.draftRevision) throw staleRevision(current);
    const draft = await readDraft(tx);
    const policies = (await withPartOf(tx, tenantId, draft)).map(withoutChange);
    const own = new Set(
      policies.filter((policy) => tenantId === null || policy.tenantId === tenantId).map(({ id }) => id),
    );
    const mistakes = (await draftMistakes(tx, policies)).filter(({ field }) => own.has(field.split('.')[0]!));
    if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
    const part = tenantId === null ? draft : draft.filter((policy) => policy.tenantId === tenantId);
    const approval = await requireApproved(tx, part);
    await tx
      .deleteFrom('draft_policies')
      .where('removed', '=', true)
      .$if(tenantId !== null, (b) => b.where('tenant_id', '=', tenantId))
      .execute();
    const revision = state.published_revision + 1;
    const rules = policies.reduce((sum, policy) => sum + policy.rules.length, 0);
    await tx
      .insertInto('policy_revisions')
      .values({
        ...{ revision, policies: JSON.stringify(policies), rules, comment: input.comment },
        ...{ published_by: actor.name, approval: JSON.stringify(approval) },
      })
      .execute();
    await tx.updateTable('policy_state').set({ published_revision: revision }).execute();
    await markPublished(tx, policies);
    const subject = `revision:${revision}` as const;
    await forgetAuthors(tx, tenantId === null ? 'all' : [tenantId]);
    audit({ action: 'policy.published', subject, params: { rules, comment: input.comment, approval } });
    if (overridden !== undefined) audit({ action: 'assertions.overridden', subject, params: { ...overridden } });
    changed('policy');
  });
}

/** What a reader of the status saw: the whole draft's number, or that of a tenant's part. */
export async function draftRevision(db: Database | Tx, tenantId: Id | null): Promise<number> {
  if (tenantId === null)
    return (await db.selectFrom('policy_state').selectAll().executeTakeFirstOrThrow()).draft_revision;
  const row = await db.selectFrom('draft_owners').select('revision').where('owner', '=', tenantId).executeTakeFirst();
  return row?.revision ?? 0;
}

/** Whether somebody is one of a tenant's people: whoever else published is not named to them. */
async function isOf(db: Database, tenantId: Id, name: string | null): Promise<boolean> {
  const row = await db
    .selectFrom('users')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name ?? '')
    .executeTakeFirst();
  return row !== undefined;
}

const withoutChange = ({ change: _, ruleChanges: __, ...policy }: Policy & Partial<DraftPolicy>): Policy => policy;

/** As much of it as the reader may know: of a tenant, that tenant's part, and nothing of hosts. */
export async function policyStatus(db: Database, language: Language, access: Access): Promise<PolicyStatus> {
  const { tenantId } = access.person;
  const [state, draft, mistakes, hosts] = await Promise.all([
    db
      .selectFrom('policy_state')
      .leftJoin('policy_revisions', 'policy_revisions.revision', 'policy_state.published_revision')
      .select(['draft_revision', 'published_revision', 'published_at', 'published_by'])
      .executeTakeFirstOrThrow(),
    tenantId === null ? draftHeads(db) : policiesSeenBy(db, access),
    draftMistakes(db),
    tenantId === null ? db.selectFrom('hosts').selectAll().where('revoked', '=', false).orderBy('name').execute() : [],
  ]);
  const seen = new Set(draft.map(({ id }) => id));
  const count = (change: 'added' | 'changed' | 'removed') => draft.filter((policy) => policy.change === change).length;
  return {
    publishedRevision: state.published_revision,
    publishedAt: state.published_at?.toISOString() ?? null,
    publishedBy: tenantId === null || (await isOf(db, tenantId, state.published_by)) ? state.published_by : null,
    draftRevision: await draftRevision(db, tenantId),
    changes: { added: count('added'), changed: count('changed'), removed: count('removed') },
    problems: mistakes
      .filter(({ field }) => seen.has(field.split('.')[0]!))
      .map((mistake) => problemOf(language, mistake)),
    approvals: await draftApprovals(db, draft),
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

const rulesOf = (tenantId: Id) =>
  sql<number>`(select coalesce(sum(jsonb_array_length(one->'rules')), 0)
    from jsonb_array_elements(policies) as one where one->>'tenantId' = ${tenantId})`;

/** Of a tenant, those that its own people published, with its own rules counted. */
export async function listRevisions(
  db: Database,
  { limit, cursor, q }: ListInput,
  tenantId: Id | null,
): Promise<ListOf<Revision>> {
  const after = decodeCursor(cursor, ['number']);
  const matching = db
    .selectFrom('policy_revisions')
    .$if(tenantId !== null, (b) =>
      b.where('published_by', 'in', (e) => e.selectFrom('users').select('name').where('tenant_id', '=', tenantId)),
    )
    .$if(q !== undefined, (b) =>
      b.where((e) => e.or([e('comment', 'ilike', `%${q}%`), e('published_by', 'ilike', `%${q}%`)])),
    );
  const [{ total }, rows] = await Promise.all([
    matching.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    matching
      .select(['revision', 'published_at', 'published_by', 'comment', 'approval'])
      .select(tenantId === null ? 'rules' : rulesOf(tenantId).as('rules'))
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
    approval: row.approval,
  });
  return { ...pageOf(rows, limit, (row) => [row.revision], toItem), total };
}
