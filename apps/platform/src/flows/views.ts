import { randomUUID } from 'node:crypto';
import { type FlowView, FlowViewQuestion, MAX_FLOW_VIEWS } from '@hypervigil/model';
import { type RawBuilder, sql } from 'kysely';
import type { Access } from '../access/access.ts';
import { ApiFailure, badField, notFound } from '../errors.ts';
import type { Person } from '../identity/identity.ts';
import { staleRevision } from '../policy/groups.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { fieldsOf, requireFilter } from './question.ts';

type Input = FlowViewQuestion & Pick<FlowView, 'name' | 'shared'>;

const FAILURES = {
  flow_views_name: () => new ApiFailure('name-taken', { what: 'flow-view', field: 'name' }),
};

const ownerName = sql<string>`(select u.name from users u where u.id = flow_views.owner_id)`;
const select = (db: Database | Tx) => db.selectFrom('flow_views').selectAll().select(ownerName.as('owner_name'));
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const toView = ({ id, name, shared, question, revision, ...row }: Row): FlowView => ({
  ...{ id, name, shared, revision },
  ...FlowViewQuestion.parse(question),
  ownerId: row.owner_id,
  ownerName: row.owner_name,
  tenantId: row.tenant_id,
  changedAt: row.changed_at.toISOString(),
});

/** A person's own, and what others of the same tenant, or of the provider, share. */
const seenBy = ({ id, tenantId }: Person): RawBuilder<boolean> =>
  sql<boolean>`(owner_id = ${id}::uuid or shared and tenant_id is not distinct from ${tenantId}::uuid)`;

export const listViews = (db: Database, person: Person, input: ListInput): Promise<ListOf<FlowView>> =>
  listByName(select(db).where(namedLike(input.q)).where(seenBy(person)), input, toView);

/** @throws ApiFailure `not-found`, as for what is somebody else's own */
export async function getView(db: Database | Tx, person: Person, id: string): Promise<FlowView> {
  const row = await select(db).where('id', '=', id).where(seenBy(person)).executeTakeFirst();
  if (row === undefined) throw notFound('flow-view', id);
  return toView(row);
}

export async function createView(db: Database, actor: Actor, access: Access, input: Input): Promise<FlowView> {
  const { person } = access;
  await requireQuestion(db, access, input);
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      await requireRoom(tx, person);
      const id = randomUUID();
      const owner = { owner_id: person.id, tenant_id: person.tenantId };
      await tx
        .insertInto('flow_views')
        .values({ id, ...owner, ...columns(input) })
        .execute();
      audit({ action: 'flow-view.created', subject: `flow-view:${id}`, params: told(input) });
      changed('flow-views');
      return getView(tx, person, id);
    }),
  );
}

export async function updateView(
  db: Database,
  actor: Actor,
  access: Access,
  id: string,
  { revision, ...input }: Input & { readonly revision: number },
): Promise<FlowView> {
  const { person } = access;
  await requireQuestion(db, access, input);
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const row = await tx.selectFrom('flow_views').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
      const view = await getView(tx, person, id);
      if (view.ownerId !== person.id) throw new ApiFailure('not-your-view', { owner: view.ownerName });
      if (row!.revision !== revision) throw staleRevision(row!.revision);
      const next = { ...columns(input), revision: revision + 1, changed_at: new Date() };
      await tx.updateTable('flow_views').set(next).where('id', '=', id).execute();
      audit({ action: 'flow-view.updated', subject: `flow-view:${id}`, params: told(input) });
      changed('flow-views');
      return getView(tx, person, id);
    }),
  );
}

/** Of what is shared, whoever manages the accounts of the tenant or of the provider may clear away what others left. */
export function deleteView(db: Database, actor: Actor, access: Access, id: string): Promise<void> {
  const { person } = access;
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const { name, ownerId, ownerName: owner } = await getView(tx, person, id);
    if (ownerId !== person.id && !managesAccounts(access)) throw new ApiFailure('not-your-view', { owner });
    await tx.deleteFrom('flow_views').where('id', '=', id).execute();
    audit({ action: 'flow-view.deleted', subject: `flow-view:${id}`, params: { name, owner } });
    changed('flow-views');
  });
}

const managesAccounts = ({ decide, person: { tenantId } }: Access): boolean => {
  const duty = tenantId === null ? 'audit' : 'tenant-member';
  return decide('account:write', { kind: 'account', id: null, tenantId, duty }).allowed;
};

/** A question that cannot be asked is refused now, not when somebody needs it. */
async function requireQuestion(db: Database, access: Access, { filter, groupBy, thenBy }: Input): Promise<void> {
  await requireFilter(db, access, filter);
  if (thenBy === groupBy) throw badField('thenBy', { code: 'twice', params: {} });
  const fields = fieldsOf(access);
  for (const [field, value] of Object.entries({ groupBy, thenBy }))
    if (value !== null && !fields.includes(value)) throw badField(field, { code: 'invalid', params: {} });
}

async function requireRoom(tx: Tx, { id }: Person): Promise<void> {
  await lock(tx, 'flow-views');
  const { count } = await tx
    .selectFrom('flow_views')
    .select(sql<number>`count(*)`.as('count'))
    .where('owner_id', '=', id)
    .executeTakeFirstOrThrow();
  if (count >= MAX_FLOW_VIEWS) throw new ApiFailure('views-full', { maximum: MAX_FLOW_VIEWS });
}

const columns = ({ name, shared, ...question }: Input) => ({ name, shared, question: JSON.stringify(question) });

const told = ({ name, shared, filter }: Input) => ({ name, shared, filter });
