import { randomUUID } from 'node:crypto';
import type { DraftPolicy, RuleInput } from '@hypervigil/contract';
import { type Policy, type Rule, TIERS } from '@hypervigil/model';
import { diffPolicies } from '@hypervigil/policy';
import { type Selectable, sql } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { decodeCursor, encodeCursor, type ListInput, type ListOf } from '../state/paging.ts';
import type { DraftPolicyTable } from '../state/tables/draft.ts';
import { type Actor, lock, transact, type Work } from '../state/work.ts';
import { requireNoMistakes } from './check.ts';
import { forgetAuthors, noteAuthors, traceOf } from './draft-owners.ts';
import { rebased } from './merge.ts';
import { publishedPolicies, publishedPolicyRevisions } from './published.ts';
import { completeRule, followRules, numberRules } from './rules.ts';
import { keepVersions, nextRevision } from './versions.ts';

export type PolicyInput = Pick<Policy, 'name' | 'description' | 'tier' | 'tenantId' | 'order' | 'enabled'> & {
  rules: RuleInput[];
};

const FAILURES = {
  draft_policies_name_key: () => new ApiFailure('name-taken', { what: 'policy', field: 'name' }),
  draft_policies_tenant_id_fkey: () => unknownId('tenantId', 'tenant'),
};

export function toPolicy(row: Selectable<DraftPolicyTable>): Policy {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    tier: row.tier,
    tenantId: row.tenant_id,
    order: row.order,
    enabled: row.enabled,
    rules: row.rules.map(completeRule),
    revision: row.revision,
    changedAt: row.changed_at.toISOString(),
  };
}

type Ordered = Pick<Policy, 'id' | 'tier' | 'order'>;

/** The order of decision: tiers, then `order`; the rest only keeps it steady. */
export function inOrder(a: Ordered, b: Ordered): number {
  return TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) || a.order - b.order || (a.id < b.id ? -1 : 1);
}

/** A policy's revision rises with each change, and is what it was again when the draft is thrown away. */
function changeOf(
  row: Pick<Selectable<DraftPolicyTable>, 'revision' | 'removed'>,
  published: number | undefined,
): DraftPolicy['change'] {
  if (row.removed) return 'removed';
  if (published === undefined) return 'added';
  return published === row.revision ? 'none' : 'changed';
}

/** Of a policy that is new or to be removed, no single rule is told: all of them are. */
function ruleChangesOf(
  policy: Policy,
  change: DraftPolicy['change'],
  before: Policy | undefined,
): DraftPolicy['ruleChanges'] {
  if (change !== 'changed' || before === undefined) return {};
  const differences = diffPolicies([before], [policy]).flatMap(({ rules }) => rules);
  return Object.fromEntries(differences.flatMap(({ id, action }) => (action === 'removed' ? [] : [[id, action]])));
}

/** A policy with what differs from what is published of it. */
export function draftPolicy(policy: Policy, removed: boolean, published: Policy | undefined): DraftPolicy {
  const change = changeOf({ revision: policy.revision, removed }, published?.revision);
  return { ...policy, change, ruleChanges: ruleChangesOf(policy, change, published) };
}

/** The draft with what differs from what is published, in the order of decision; all of it or some policies. */
export async function readDraft(db: Database | Tx, ids?: readonly string[]): Promise<DraftPolicy[]> {
  const published = new Map((await publishedPolicies(db, ids)).map((policy) => [policy.id, policy]));
  const rows = await db
    .selectFrom('draft_policies')
    .selectAll()
    .$if(ids !== undefined, (b) => b.where(sql<boolean>`id = any(${ids}::uuid[])`))
    .execute();
  return rows.map((row) => draftPolicy(toPolicy(row), row.removed, published.get(row.id))).sort(inOrder);
}

/** What of a policy can be told without its rules, which may be thousands. */
export type DraftHead = Pick<DraftPolicy, 'id' | 'tenantId' | 'tier' | 'order' | 'revision' | 'change'>;

/** The draft without its rules, in the order of decision. */
export async function draftHeads(db: Database | Tx): Promise<DraftHead[]> {
  const published = await publishedPolicyRevisions(db);
  const rows = await db
    .selectFrom('draft_policies')
    .select(['id', 'tenant_id as tenantId', 'tier', 'order', 'revision', 'removed'])
    .execute();
  return rows
    .map(({ removed, ...head }) => ({ ...head, change: changeOf({ ...head, removed }, published.get(head.id)) }))
    .sort(inOrder);
}

export function listPolicies(policies: readonly DraftPolicy[], { limit, cursor, q }: ListInput): ListOf<DraftPolicy> {
  const [start] = decodeCursor(cursor, ['number']) ?? [0];
  const wanted = q?.toLowerCase();
  const all = policies.filter(
    (policy) =>
      wanted === undefined ||
      policy.name.toLowerCase().includes(wanted) ||
      policy.rules.some((rule) => rule.name.toLowerCase().includes(wanted)),
  );
  const end = start + limit;
  return { items: all.slice(start, end), total: all.length, next: end < all.length ? encodeCursor([end]) : null };
}

async function getPolicy(db: Database | Tx, id: string): Promise<DraftPolicy> {
  const [policy] = await readDraft(db, [id]);
  if (policy === undefined) throw notFound('policy', id);
  return policy;
}

export function createPolicy(db: Database, actor: Actor, input: PolicyInput): Promise<DraftPolicy> {
  return changeDraft(db, actor, async (work) => {
    const id = randomUUID();
    const rules = await numberRules(work, { id, tenantId: input.tenantId, rules: [] }, input.rules);
    await work.tx
      .insertInto('draft_policies')
      .values({ id, ...columns(input, rules), revision: 1 })
      .execute();
    await requireNoMistakes(work.tx, { ...input, id, rules });
    work.audit({ action: 'policy.created', subject: `policy:${id}`, params: summary(input) });
    return getPolicy(work.tx, id);
  });
}

export function updatePolicy(
  db: Database,
  actor: Actor,
  id: string,
  input: PolicyInput & { revision: number },
): Promise<DraftPolicy> {
  return changeDraft(db, actor, async (work) => {
    const old = await present(work.tx, id);
    const isStale = old.revision !== input.revision;
    const next = isStale ? await rebased(work.tx, id, input, toPolicy(old)) : input;
    const rules = await numberRules(work, { ...old, tenantId: next.tenantId }, next.rules);
    await putPolicy(work.tx, id, next, rules);
    await requireNoMistakes(work.tx, { ...next, id, rules });
    const params = { ...summary(next), ...(isStale && { mergedFrom: input.revision }) };
    work.audit({ action: 'policy.updated', subject: `policy:${id}`, params });
    return getPolicy(work.tx, id);
  });
}

export function deletePolicy(db: Database, actor: Actor, id: string): Promise<void> {
  return changeDraft(db, actor, async (work) => {
    const { name } = await present(work.tx, id);
    const isPublished = (await publishedPolicies(work.tx)).some((policy) => policy.id === id);
    if (isPublished) await work.tx.updateTable('draft_policies').set({ removed: true }).where('id', '=', id).execute();
    else await work.tx.deleteFrom('draft_policies').where('id', '=', id).execute();
    work.audit({ action: 'policy.deleted', subject: `policy:${id}`, params: { name } });
  });
}

/** The draft becomes what is published again; of a tenant, that tenant's part of it. */
export function discardDraft(db: Database, actor: Actor, tenantId: string | null): Promise<void> {
  const discard = async ({ tx, audit }: Work) => {
    await keepVersions(tx);
    await tx
      .deleteFrom('draft_policies')
      .$if(tenantId !== null, (b) => b.where('tenant_id', '=', tenantId))
      .execute();
    for (const policy of await publishedPolicies(tx)) {
      if (tenantId !== null && policy.tenantId !== tenantId) continue;
      const { id, revision, changedAt, rules } = policy;
      await tx
        .insertInto('draft_policies')
        .values({ id, ...columns(policy, rules), revision, changed_at: new Date(changedAt) })
        .execute();
    }
    await followRules(tx);
    audit({ action: 'policy.draft.discarded', subject: 'policy', params: { tenantId } });
  };
  return changeDraft(db, actor, discard, (tx) => forgetAuthors(tx, tenantId === null ? 'all' : [tenantId]));
}

/** One change at a time; each makes the draft another one, so that nobody publishes what he has not seen. */
export function changeDraft<T>(
  db: Database,
  actor: Actor,
  run: (work: Work) => Promise<T>,
  last: (tx: Tx) => Promise<void> = async () => undefined,
): Promise<T> {
  return explaining(FAILURES, () =>
    transact(db, actor, async (work) => {
      await lock(work.tx, 'policy');
      const before = await traceOf(work.tx);
      const result = await run(work);
      await noteAuthors(work.tx, before, actor.name);
      await last(work.tx);
      await work.tx.updateTable('policy_state').set({ draft_revision: sql`draft_revision + 1` }).execute();
      work.changed('policy');
      return result;
    }),
  );
}

/** Another version of a policy of the draft. */
export async function putPolicy(
  tx: Tx,
  id: string,
  policy: Omit<PolicyInput, 'rules'>,
  rules: readonly Rule[],
): Promise<Pick<Policy, 'revision' | 'changedAt'>> {
  await keepVersions(tx, id);
  const revision = await nextRevision(tx, id);
  const now = new Date();
  await tx
    .updateTable('draft_policies')
    .set({ ...columns(policy, rules), revision, changed_at: now })
    .where('id', '=', id)
    .execute();
  return { revision, changedAt: now.toISOString() };
}

export async function present(tx: Tx, id: string): Promise<Selectable<DraftPolicyTable>> {
  const query = tx.selectFrom('draft_policies').selectAll().where('id', '=', id).where('removed', '=', false);
  const row = await query.executeTakeFirst();
  if (row === undefined) throw notFound('policy', id);
  return row;
}

export const columns = (input: Omit<PolicyInput, 'rules'>, rules: readonly Rule[]) => ({
  name: input.name,
  description: input.description,
  tier: input.tier,
  tenant_id: input.tenantId,
  order: input.order,
  enabled: input.enabled,
  rules: JSON.stringify(rules),
});

const summary = ({ name, tier, enabled, rules }: PolicyInput) => ({ name, tier, enabled, rules: rules.length });
