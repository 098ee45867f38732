import type { DraftChanges, DraftPolicy } from '@hypervigil/contract';
import type { Policy } from '@hypervigil/model';
import { rulePatch } from '@hypervigil/policy';
import type { Access } from '../access/access.ts';
import type { Database, Tx } from '../state/database.ts';
import { type DraftHead, draftHeads, draftPolicy, putPolicy, readDraft } from './draft.ts';
import { publishedPolicies } from './published.ts';
import { policiesSeenBy } from './seen.ts';
import { versionOf } from './versions.ts';

type Change = DraftChanges['policies'][number];
type Base = Pick<Policy, 'revision' | 'rules'>;

/** A policy against a revision of it that its reader has; all of it where they have none, or one that is not kept. */
export function changeSince(base: Base | undefined, { rules, ...policy }: DraftPolicy): Change {
  if (base !== undefined) return { ...policy, since: base.revision, ...copied(rulePatch(base.rules, rules)) };
  return { ...policy, since: null, changed: [], removed: [], placed: rules.map((rule) => ({ rule, before: null })) };
}

const copied = ({ changed, removed, placed }: ReturnType<typeof rulePatch>) => ({
  changed: [...changed],
  removed: [...removed],
  placed: [...placed],
});

/** Makes another version of a policy of the draft, and tells what that changed of it. */
export async function putChanged(
  tx: Tx,
  before: Policy,
  change: Partial<Pick<Policy, 'order' | 'rules'>>,
): Promise<Change> {
  const next = { ...before, ...change };
  const now: Policy = { ...next, ...(await putPolicy(tx, next.id, next, next.rules)) };
  const [published] = await publishedPolicies(tx, [now.id]);
  return changeSince(before, draftPolicy(now, false, published));
}

type Had = Pick<DraftHead, 'id' | 'revision' | 'change'>;

/** What of the draft a person may read, and has not. The provider's policies are cut for a tenant, and told whole. */
export async function draftChanges(db: Database, access: Access, have: readonly Had[]): Promise<DraftChanges> {
  const had = new Map(have.map((one) => [one.id, one]));
  const isHad = ({ id, revision, change }: Had) => had.get(id)?.revision === revision && had.get(id)?.change === change;
  if (access.person.tenantId !== null) {
    const seen = await policiesSeenBy(db, access);
    const policies = seen
      .filter((one) => one.tenantId === null || !isHad(one))
      .map((one) => changeSince(undefined, one));
    return { policies, order: seen.map(({ id }) => id) };
  }
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const heads = await draftHeads(tx);
      const ids = heads.filter((head) => !isHad(head)).map(({ id }) => id);
      const policies = ids.length === 0 ? [] : await readDraft(tx, ids);
      const baseOf = async ({ id, revision, rules }: DraftPolicy): Promise<Base | undefined> => {
        const known = had.get(id)?.revision;
        if (known === undefined) return undefined;
        if (known === revision) return { revision, rules };
        const version = await versionOf(tx, id, known);
        return version && { revision: known, rules: version.rules };
      };
      return {
        policies: await Promise.all(policies.map(async (policy) => changeSince(await baseOf(policy), policy))),
        order: heads.map(({ id }) => id),
      };
    });
}
