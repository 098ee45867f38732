import type { DraftPolicy } from '@hypervigil/contract';
import { equal } from '@hypervigil/policy';
import type { Database } from '../state/database.ts';
import type { Actor } from '../state/work.ts';
import { changeDraft, columns, readDraft } from './draft.ts';
import { staleRevision } from './groups.ts';
import { policiesOfRevision, publishedPolicies } from './published.ts';
import { followRules } from './rules.ts';
import { keepVersions, nextRevision, type Version } from './versions.ts';

/**
 * The draft becomes what a revision was; publishing it is another step.
 * @returns names of policies that are left out since their tenant is gone
 * @throws ApiFailure `stale-revision` when the draft is another than the one that was looked at, `not-found`
 */
export function restoreRevision(
  db: Database,
  actor: Actor,
  { revision, draftRevision }: { revision: number; draftRevision: number },
): Promise<string[]> {
  return changeDraft(db, actor, async ({ tx, audit }) => {
    const state = await tx.selectFrom('policy_state').selectAll().executeTakeFirstOrThrow();
    if (state.draft_revision !== draftRevision) throw staleRevision(state.draft_revision);
    const wanted = await policiesOfRevision(tx, revision);
    const published = new Map((await publishedPolicies(tx)).map((policy) => [policy.id, policy]));
    const draft = new Map((await readDraft(tx)).map((policy) => [policy.id, policy]));
    const tenants = new Set((await tx.selectFrom('tenants').select('id').execute()).map(({ id }) => id));
    const [there, skipped] = [wanted, wanted].map((some, i) =>
      some.filter(({ tenantId }) => (tenantId === null || tenants.has(tenantId)) === (i === 0)),
    ) as [typeof wanted, typeof wanted];

    await keepVersions(tx);
    const numbers = new Map<string, number>();
    for (const policy of there) {
      const same = [published.get(policy.id), draft.get(policy.id)].find((one) => one && isSame(one, policy));
      numbers.set(policy.id, same?.revision ?? (await nextRevision(tx, policy.id)));
    }
    const kept = new Set(there.map(({ id }) => id));
    const removed = [...published.values()].filter(({ id }) => !kept.has(id));
    await tx.deleteFrom('draft_policies').execute();
    for (const policy of [...there, ...removed])
      await tx
        .insertInto('draft_policies')
        .values({
          id: policy.id,
          ...columns(policy, policy.rules),
          revision: numbers.get(policy.id) ?? policy.revision,
          removed: !kept.has(policy.id),
        })
        .execute();
    await followRules(tx);
    const names = skipped.map(({ name }) => name);
    audit({ action: 'policy.restored', subject: `revision:${revision}`, params: { skipped: names } });
    return names;
  });
}

const isSame = (a: Version, b: Version): boolean => equal(content(a), content(b));
const content = ({ name, description, tier, tenantId, order, enabled, rules }: Version | DraftPolicy) =>
  JSON.parse(JSON.stringify({ name, description, tier, tenantId, order, enabled, rules }));
