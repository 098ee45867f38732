import type { Id } from '@hypervigil/model';
import { sql } from 'kysely';
import type { Tx } from '../state/database.ts';

/** Whose the provider's part of the draft is. */
export const PROVIDER = '00000000-0000-0000-0000-000000000000';

/** The draft as far as it can be seen whether somebody changed it, by policy. */
type Trace = ReadonlyMap<Id, { readonly owner: Id; readonly state: string }>;

export async function traceOf(tx: Tx): Promise<Trace> {
  const rows = await tx.selectFrom('draft_policies').select(['id', 'tenant_id', 'revision', 'removed']).execute();
  return new Map(
    rows.map(({ id, tenant_id, revision, removed }) => [
      id,
      { owner: tenant_id ?? PROVIDER, state: `${tenant_id} ${revision} ${removed}` },
    ]),
  );
}

/** Whose parts of the draft are another than before. */
function changedOwners(before: Trace, after: Trace): Set<Id> {
  const ids = new Set([...before.keys(), ...after.keys()]);
  const changed = [...ids].filter((id) => before.get(id)?.state !== after.get(id)?.state);
  return new Set(changed.flatMap((id) => [before.get(id)?.owner ?? [], after.get(id)?.owner ?? []].flat()));
}

/** Each changed part has a new number, one author more, and nobody's approval any more. */
export async function noteAuthors(tx: Tx, before: Trace, author: string): Promise<void> {
  const owners = [...changedOwners(before, await traceOf(tx))];
  if (owners.length === 0) return;
  const all = sql`unnest(${owners}::uuid[]) as one`;
  await sql`insert into draft_owners as d (owner, revision) select one, 1 from ${all}
    on conflict (owner) do update set revision = d.revision + 1`.execute(tx);
  await sql`insert into draft_authors (owner, name) select one, ${author} from ${all} on conflict do nothing`.execute(
    tx,
  );
  await sql`delete from draft_approvals where owner = any(${owners}::uuid[])`.execute(tx);
}

/** A part that is as it is published has neither authors nor approvals. */
export async function forgetAuthors(tx: Tx, owners: readonly Id[] | 'all'): Promise<void> {
  for (const table of ['draft_authors', 'draft_approvals'] as const)
    await tx
      .deleteFrom(table)
      .$if(owners !== 'all', (b) => b.where(sql<boolean>`owner = any(${owners}::uuid[])`))
      .execute();
}
