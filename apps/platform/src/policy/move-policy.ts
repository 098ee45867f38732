import type { DraftChanges } from '@hypervigil/contract';
import type { Id } from '@hypervigil/model';
import { ordersAt } from '@hypervigil/policy';
import type { Access } from '../access/access.ts';
import { badField, unknownId } from '../errors.ts';
import type { Database } from '../state/database.ts';
import type { Actor } from '../state/work.ts';
import { changeDraft, present, toPolicy } from './draft.ts';
import { putChanged } from './draft-changes.ts';
import { headsSeenBy } from './seen.ts';

/**
 * Puts a policy of the draft before another one of its tier, or at its end. Of a tenant's people it is moved among the
 * tenant's own: how it stands to those of other tenants decides nothing.
 * @returns what became of it and of those that gave way, and the order of decision
 * @throws ApiFailure `not-found`, `invalid-request` for a place in another tier
 */
export function movePolicy(
  db: Database,
  actor: Actor,
  access: Access,
  id: Id,
  before: Id | undefined,
): Promise<DraftChanges> {
  return changeDraft(db, actor, async (work) => {
    const { name, tier } = await present(work.tx, id);
    const heads = (await headsSeenBy(work.tx, access)).filter((one) => one.id !== id && one.change !== 'removed');
    const others = heads.filter((one) => one.tier === tier);
    const place = before === undefined ? others.length : others.findIndex((one) => one.id === before);
    if (place === -1)
      throw heads.some((one) => one.id === before)
        ? badField('before', { code: 'other-tier', params: {} })
        : unknownId('before', 'policy');
    const policies: DraftChanges['policies'] = [];
    for (const [one, order] of ordersAt(others, place, id))
      policies.push(await putChanged(work.tx, toPolicy(await present(work.tx, one)), { order }));
    work.audit({ action: 'policy.moved', subject: `policy:${id}`, params: { name, tier, place: place + 1 } });
    return { policies, order: (await headsSeenBy(work.tx, access)).map((one) => one.id) };
  });
}
