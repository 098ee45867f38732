import { randomUUID } from 'node:crypto';
import type { CheckedAssertion } from '@hypervigil/contract';
import type { Assertion, FieldMistake } from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure, notFound } from '../errors.ts';
import { staleRevision } from '../policy/groups.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';

type Input = Omit<Assertion, 'id' | 'revision' | 'changedAt'>;

const FAILURES = { assertions_name_key: () => new ApiFailure('name-taken', { what: 'assertion', field: 'name' }) };

const select = (db: Database | Tx) =>
  db
    .selectFrom('assertions')
    .leftJoin('assertion_states', 'assertion_id', 'id')
    .selectAll('assertions')
    .select(['state', 'violation', 'checked_at']);
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const toAssertion = (row: Row): CheckedAssertion => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  from: row.from_end,
  to: row.to_end,
  services: row.services,
  owner: row.owner,
  comment: row.comment,
  enabled: row.enabled,
  revision: row.revision,
  changedAt: row.changed_at.toISOString(),
  state: row.state,
  violation: row.violation,
  checkedAt: row.checked_at?.toISOString() ?? null,
});

export function listAssertions(db: Database, input: ListInput): Promise<ListOf<CheckedAssertion>> {
  return listByName(select(db).where(namedLike(input.q)), input, toAssertion);
}

export async function enabledAssertions(db: Database | Tx): Promise<Assertion[]> {
  const rows = await select(db).where('enabled', '=', true).orderBy('name').execute();
  return rows.map(toAssertion);
}

export async function getAssertion(db: Database | Tx, id: string): Promise<CheckedAssertion> {
  const row = await select(db).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('assertion', id);
  return toAssertion(row);
}

export function createAssertion(db: Database, actor: Actor, input: Input): Promise<CheckedAssertion> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      await requireKnown(tx, input);
      const id = randomUUID();
      await tx
        .insertInto('assertions')
        .values({ id, ...columns(input) })
        .execute();
      audit({ action: 'assertion.created', subject: `assertion:${id}`, params: input });
      changed('assertions', id);
      return getAssertion(tx, id);
    }),
  );
}

export function updateAssertion(
  db: Database,
  actor: Actor,
  id: string,
  input: Input & { revision: number },
): Promise<CheckedAssertion> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      await requireKnown(tx, input);
      const old = await tx
        .selectFrom('assertions')
        .select('revision')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (old === undefined) throw notFound('assertion', id);
      if (old.revision !== input.revision) throw staleRevision(old.revision);
      const next = { ...columns(input), revision: old.revision + 1, changed_at: new Date() };
      await tx.updateTable('assertions').set(next).where('id', '=', id).execute();
      // What was found was found of another assertion.
      await tx.deleteFrom('assertion_states').where('assertion_id', '=', id).execute();
      audit({ action: 'assertion.updated', subject: `assertion:${id}`, params: input });
      changed('assertions', id);
      return getAssertion(tx, id);
    }),
  );
}

export function deleteAssertion(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const row = await tx.deleteFrom('assertions').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw notFound('assertion', id);
    audit({ action: 'assertion.deleted', subject: `assertion:${id}`, params: { name: row.name } });
    changed('assertions', id);
  });
}

const columns = ({ name, kind, from, to, services, owner, comment, enabled }: Input) => ({
  name,
  kind,
  from_end: JSON.stringify(from),
  to_end: JSON.stringify(to),
  services: JSON.stringify(services),
  owner,
  comment,
  enabled,
});

const NAMED = { vmIds: ['vms', 'vm'], groupIds: ['groups', 'group'], tenantIds: ['tenants', 'tenant'] } as const;

/**
 * Nothing that it names is deleted at the same time.
 * @throws ApiFailure `invalid-request` for an id of nothing
 */
async function requireKnown(tx: Tx, { from, to }: Input): Promise<void> {
  await lock(tx, 'policy');
  const mistakes: FieldMistake[] = [];
  for (const [side, end] of Object.entries({ from, to }))
    for (const part of ['vmIds', 'groupIds', 'tenantIds'] as const) {
      const [table, what] = NAMED[part];
      const rows = await tx
        .selectFrom(table)
        .select('id')
        .where(sql<boolean>`id = any(${end[part]}::uuid[])`)
        .execute();
      const known = new Set(rows.map(({ id }) => id));
      for (const [i, id] of end[part].entries())
        if (!known.has(id.toLowerCase()))
          mistakes.push({ field: `${side}.${part}.${i}`, code: 'unknown-id', params: { what } });
    }
  if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
}
