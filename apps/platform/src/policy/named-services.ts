import { randomUUID } from 'node:crypto';
import { type NamedService, SERVICE_CATALOGUE } from '@hypervigil/model';
import type { CloudService } from '@hypervigil/policy';
import { sql } from 'kysely';
import { ApiFailure, notFound } from '../errors.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { decodeCursor, encodeCursor, type ListInput, type ListOf } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { staleRevision } from './groups.ts';
import { requireUnnamed } from './named.ts';

type Input = Pick<NamedService, 'name' | 'description' | 'services'>;

const nameTaken = () => new ApiFailure('name-taken', { what: 'named-service', field: 'name' });
const FAILURES = { named_services_name_key: nameTaken };

const select = (db: Database | Tx) => db.selectFrom('named_services').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const toService = ({ id, name, description, services, revision, changed_at }: Row): NamedService => ({
  id,
  name,
  description,
  services,
  builtIn: false,
  revision,
  changedAt: changed_at.toISOString(),
});

/** The catalogue and people's own, by name. */
export async function listNamedServices(db: Database, { limit, cursor, q }: ListInput): Promise<ListOf<NamedService>> {
  const [start] = decodeCursor(cursor, ['number']) ?? [0];
  const wanted = q?.toLowerCase() ?? '';
  const own = (await select(db).execute()).map(toService);
  const all = [...SERVICE_CATALOGUE, ...own]
    .filter((one) => `${one.name} ${one.description}`.toLowerCase().includes(wanted))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const end = start + limit;
  return { items: all.slice(start, end), total: all.length, next: end < all.length ? encodeCursor([end]) : null };
}

export async function getNamedService(db: Database | Tx, id: string): Promise<NamedService> {
  const builtIn = SERVICE_CATALOGUE.find((one) => one.id === id);
  if (builtIn !== undefined) return builtIn;
  const row = await select(db).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('named-service', id);
  return toService(row);
}

export async function loadNamedServices(db: Database | Tx, ids?: readonly string[]): Promise<CloudService[]> {
  return db
    .selectFrom('named_services')
    .select(['id', 'services'])
    .$if(ids !== undefined, (b) => b.where(sql<boolean>`id = any(${ids}::uuid[])`))
    .execute();
}

export function createNamedService(db: Database, actor: Actor, input: Input): Promise<NamedService> {
  requireOwnName(input.name);
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const id = randomUUID();
      await tx
        .insertInto('named_services')
        .values({ id, ...columns(input) })
        .execute();
      audit({ action: 'service.created', subject: `service:${id}`, params: input });
      changed('services', id);
      return getNamedService(tx, id);
    }),
  );
}

export function updateNamedService(
  db: Database,
  actor: Actor,
  id: string,
  { revision, ...input }: Input & { revision: number },
): Promise<NamedService> {
  requireOwn(id);
  requireOwnName(input.name);
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const row = await select(tx).where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined) throw notFound('named-service', id);
      if (row.revision !== revision) throw staleRevision(row.revision);
      const next = { ...columns(input), revision: revision + 1, changed_at: new Date() };
      await tx.updateTable('named_services').set(next).where('id', '=', id).execute();
      audit({ action: 'service.updated', subject: `service:${id}`, params: input });
      changed('services', id);
      return getNamedService(tx, id);
    }),
  );
}

export function deleteNamedService(db: Database, actor: Actor, id: string): Promise<void> {
  requireOwn(id);
  return transact(db, actor, async ({ tx, audit, changed }) => {
    // Under the lock of the draft, so that no rule comes to name it meanwhile.
    await lock(tx, 'policy');
    await requireUnnamed(tx, 'named-service', id);
    const row = await tx.deleteFrom('named_services').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw notFound('named-service', id);
    audit({ action: 'service.deleted', subject: `service:${id}`, params: { name: row.name } });
    changed('services', id);
  });
}

function requireOwn(id: string): void {
  if (SERVICE_CATALOGUE.some((one) => one.id === id)) throw new ApiFailure('built-in', { what: 'named-service' });
}

function requireOwnName(name: string): void {
  if (SERVICE_CATALOGUE.some((one) => one.name === name)) throw nameTaken();
}

const columns = ({ name, description, services }: Input) => ({ name, description, services: JSON.stringify(services) });
