import type { ApprovalSettings, DraftApproval, RevisionApproval } from '@hypervigil/contract';
import { type Id, TIERS, type Tier } from '@hypervigil/model';
import { ApiFailure, badField } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { type DraftHead, draftHeads } from './draft.ts';
import { PROVIDER } from './draft-owners.ts';
import { staleRevision } from './groups.ts';

export async function approvalSettings(db: Database | Tx): Promise<ApprovalSettings> {
  const rows = await db.selectFrom('approval_settings').selectAll().execute();
  const of = (tier: Tier) => rows.find((row) => row.tier === tier)?.approvers ?? 0;
  return Object.fromEntries(TIERS.map((tier) => [tier, of(tier)])) as ApprovalSettings;
}

/**
 * @throws ApiFailure `invalid-request` for more of the provider's people than there are to approve, the author not counted:
 *   nobody could publish any more
 */
export function setApprovalSettings(db: Database, actor: Actor, input: ApprovalSettings): Promise<ApprovalSettings> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    await lock(tx, 'policy');
    const before = await approvalSettings(tx);
    const { people } = await tx
      .selectFrom('users')
      .select((e) => e.fn.countAll<number>().as('people'))
      .where('duty', 'in', ['bootstrap', 'security'])
      .where('disabled', '=', false)
      .executeTakeFirstOrThrow();
    for (const tier of TIERS) {
      const maximum = Math.max(0, people - 1);
      if (tier !== 'tenant' && input[tier] > maximum) throw badField(tier, { code: 'too-high', params: { maximum } });
      await tx.updateTable('approval_settings').set({ approvers: input[tier] }).where('tier', '=', tier).execute();
    }
    audit({ action: 'approvals.set', subject: 'policy', params: { before, after: input } });
    changed('policy');
    return input;
  });
}

/** What each part of a draft that changes something needs, and has. */
export async function draftApprovals(db: Database | Tx, draft: readonly DraftHead[]): Promise<DraftApproval[]> {
  const [settings, owners, authors, approvals] = await Promise.all([
    approvalSettings(db),
    db.selectFrom('draft_owners').selectAll().execute(),
    db.selectFrom('draft_authors').selectAll().orderBy('name').execute(),
    db.selectFrom('draft_approvals').selectAll().orderBy('at').execute(),
  ]);
  const changed = Map.groupBy(
    draft.filter(({ change }) => change !== 'none'),
    ({ tenantId }) => tenantId,
  );
  return [...changed].map(([tenantId, policies]) => {
    const owner = tenantId ?? PROVIDER;
    const tiers = TIERS.filter((tier) => policies.some((policy) => policy.tier === tier));
    return {
      tenantId,
      revision: owners.find((one) => one.owner === owner)?.revision ?? 0,
      tiers,
      required: Math.max(...tiers.map((tier) => settings[tier])),
      authors: authors.filter((one) => one.owner === owner).map(({ name }) => name),
      approvedBy: approvals
        .filter((one) => one.owner === owner)
        .map(({ name, at, comment }) => ({ name, at: at.toISOString(), comment })),
    };
  });
}

interface Word {
  /** Whose part of the draft. */
  readonly tenantId: Id | null;
  readonly comment: string;
}

/**
 * One person's word for one part of the draft as it is. Whoever changed the part cannot give it; a change takes it back.
 * @throws ApiFailure `stale-revision`, `own-draft`, `approved-already`, `nothing-to-approve`
 */
export function approveDraft(
  db: Database,
  actor: Actor,
  { tenantId, revision, comment }: Word & { readonly revision: number },
): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    await lock(tx, 'policy');
    const part = (await draftApprovals(tx, await draftHeads(tx))).find((one) => one.tenantId === tenantId);
    if (part === undefined) throw new ApiFailure('nothing-to-approve', {});
    if (part.revision !== revision) throw staleRevision(part.revision);
    if (part.authors.includes(actor.name)) throw new ApiFailure('own-draft', {});
    const owner = tenantId ?? PROVIDER;
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('draft_approvals')
      .values({ owner, name: actor.name, comment })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) throw new ApiFailure('approved-already', {});
    audit({ action: 'policy.approved', subject: `draft:${owner}`, params: { tenantId, revision, comment } });
    changed('policy');
  });
}

/**
 * Whoever gave it takes it back, as long as nothing is published with it.
 * @throws ApiFailure `not-approved`
 */
export function withdrawApproval(db: Database, actor: Actor, { tenantId, comment }: Word): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    await lock(tx, 'policy');
    const owner = tenantId ?? PROVIDER;
    const { numDeletedRows } = await tx
      .deleteFrom('draft_approvals')
      .where('owner', '=', owner)
      .where('name', '=', actor.name)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw new ApiFailure('not-approved', {});
    audit({ action: 'policy.approval-withdrawn', subject: `draft:${owner}`, params: { tenantId, comment } });
    changed('policy');
  });
}

/**
 * What is published with whose approval.
 * @throws ApiFailure `approval-missing`
 */
export async function requireApproved(tx: Tx, draft: readonly DraftHead[]): Promise<RevisionApproval[]> {
  const parts = await draftApprovals(tx, draft);
  for (const { tenantId, required, approvedBy } of parts)
    if (approvedBy.length < required)
      throw new ApiFailure('approval-missing', {
        required,
        given: approvedBy.length,
        owner: tenantId === null ? 'provider' : 'tenant',
      });
  return parts.map(({ tenantId, required, authors, approvedBy }) => ({ tenantId, required, authors, approvedBy }));
}
