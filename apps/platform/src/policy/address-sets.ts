import { randomUUID } from 'node:crypto';
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { AddressSet } from '@hypervigil/model';
import { type AddressList, addressBlocks, listMistakes } from '@hypervigil/policy';
import { type RawBuilder, sql } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import { ENTRIES } from '../intent/cloud.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import {
  contains,
  decodeCursor,
  encodeCursor,
  type ListInput,
  type ListOf,
  listByName,
  namedLike,
} from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { staleRevision } from './groups.ts';
import { requireUnnamed } from './named.ts';

type Fields = Pick<AddressSet, 'name' | 'description' | 'tenantId'>;
type Lists = { readonly [Name in keyof AddressList]?: AddressList[Name] | undefined };

/** More than anybody mends at once. */
const SHOWN_MISTAKES = 50;

const isFed = sql<boolean>`exists (select from threat_feeds where set_id = address_sets.id)`.as('is_fed');
const select = (db: Database | Tx) => db.selectFrom('address_sets').selectAll('address_sets').select(isFed);
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

export function toAddressSet(row: Row): AddressSet {
  return {
    id: row.id,
    num: row.num,
    name: row.name,
    description: row.description,
    tenantId: row.tenant_id,
    isFed: row.is_fed,
    entries: row.entry_count,
    excluded: row.excluded_count,
    blocks: { ipv4: row.ipv4_blocks, ipv6: row.ipv6_blocks },
    revision: row.revision,
    changedAt: row.changed_at.toISOString(),
  };
}

export const FAILURES = {
  address_sets_name_key: () => new ApiFailure('name-taken', { what: 'address-set', field: 'name' }),
  address_sets_tenant_id_fkey: () => unknownId('tenantId', 'tenant'),
};

export const listAddressSets = (
  db: Database,
  input: ListInput,
  visible: RawBuilder<boolean>,
): Promise<ListOf<AddressSet>> => listByName(select(db).where(namedLike(input.q)).where(visible), input, toAddressSet);

export async function getAddressSet(db: Database | Tx, id: string): Promise<AddressSet> {
  const row = await select(db).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('address-set', id);
  return toAddressSet(row);
}

/** In the order in which they were written. */
export async function listEntries(
  db: Database,
  id: string,
  { of, limit, cursor, q }: ListInput & { of: keyof AddressList },
): Promise<ListOf<string>> {
  await getAddressSet(db, id);
  const [after] = decodeCursor(cursor, ['number']) ?? [0];
  const wanted = q === undefined ? sql`true` : sql`entry ilike ${contains(q)}`;
  const found = sql`from address_set_entries, unnest(${sql.ref(of)}) with ordinality as e (entry, place)
    where set_id = ${id} and ${wanted}`;
  const [counted, page] = await Promise.all([
    sql<{ total: number }>`select count(*) as total ${found}`.execute(db),
    sql<{ entry: string; place: number }>`select entry, place ${found} and place > ${after}
      order by place limit ${limit + 1}`.execute(db),
  ]);
  const shown = page.rows.slice(0, limit);
  return {
    items: shown.map(({ entry }) => entry),
    total: counted.rows[0]!.total,
    next: page.rows.length > limit ? encodeCursor([shown.at(-1)!.place]) : null,
  };
}

export function createAddressSet(db: Database, actor: Actor, input: Fields & AddressList): Promise<AddressSet> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const id = randomUUID();
      await insertSet(tx, id, input);
      const created = await getAddressSet(tx, id);
      audit({ action: 'address-set.created', subject: `address-set:${id}`, params: summary(created) });
      changed('address-sets', id);
      return created;
    }),
  );
}

export async function insertSet(tx: Tx, id: string, input: Fields & AddressList): Promise<void> {
  requireEntries(input);
  await othersTurn();
  const counted = sizes(input);
  await othersTurn();
  await tx
    .insertInto('address_sets')
    .values({ id, ...columns(input), ...counted })
    .execute();
  await tx
    .insertInto('address_set_entries')
    .values({ set_id: id, entries: [...input.entries], excluded: [...input.excluded] })
    .execute();
}

export function updateAddressSet(
  db: Database,
  actor: Actor,
  id: string,
  input: Fields & Lists & { revision: number },
): Promise<AddressSet> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      await updateSet(tx, id, input);
      const updated = await getAddressSet(tx, id);
      audit({ action: 'address-set.updated', subject: `address-set:${id}`, params: summary(updated) });
      changed('address-sets', id);
      return updated;
    }),
  );
}

/** @throws ApiFailure `entries-from-feed` for the entries of a set that a feed fills */
export async function updateSet(tx: Tx, id: string, input: Fields & Lists & { revision: number }): Promise<void> {
  requireEntries({ entries: input.entries ?? [], excluded: input.excluded ?? [] });
  const row = await select(tx).where('id', '=', id).forUpdate('address_sets').executeTakeFirst();
  if (row === undefined) throw notFound('address-set', id);
  if (row.revision !== input.revision) throw staleRevision(row.revision);
  if (row.is_fed && input.entries !== undefined) throw new ApiFailure('entries-from-feed', {});
  const next = { ...columns(input), revision: row.revision + 1, changed_at: new Date() };
  await tx.updateTable('address_sets').set(next).where('id', '=', id).execute();
  await replaceEntries(tx, id, input);
}

/**
 * Puts lists in place of those that are there; one that is absent stays.
 * @returns whether that made a difference
 */
export async function replaceEntries(tx: Tx, id: string, lists: Lists): Promise<boolean> {
  if (lists.entries === undefined && lists.excluded === undefined) return false;
  const before = await tx
    .selectFrom('address_set_entries')
    .select(ENTRIES)
    .where('set_id', '=', id)
    .executeTakeFirstOrThrow();
  const next = { entries: [...(lists.entries ?? before.entries)], excluded: [...(lists.excluded ?? before.excluded)] };
  if (isSame(next.entries, before.entries) && isSame(next.excluded, before.excluded)) return false;
  const counted = sizes(next);
  await othersTurn();
  await tx.updateTable('address_set_entries').set(next).where('set_id', '=', id).execute();
  await tx.updateTable('address_sets').set(counted).where('id', '=', id).execute();
  return true;
}

export function deleteAddressSet(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const { name } = await getAddressSet(tx, id);
    await removeSet(tx, id);
    audit({ action: 'address-set.deleted', subject: `address-set:${id}`, params: { name } });
    changed('address-sets', id);
  });
}

/** @throws ApiFailure `named-by-rule` */
export async function removeSet(tx: Tx, id: string): Promise<void> {
  // Under the lock of the draft, so that no rule comes to name it meanwhile.
  await lock(tx, 'policy');
  await requireUnnamed(tx, 'address-set', id);
  await tx.deleteFrom('address_sets').where('id', '=', id).execute();
}

/** @throws ApiFailure `invalid-request` with the entries that are none, by their places */
function requireEntries(lists: AddressList): void {
  const mistakes = listMistakes(lists, SHOWN_MISTAKES);
  if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, n) => text === b[n]);

const columns = ({ name, description, tenantId }: Fields) => ({ name, description, tenant_id: tenantId });

function sizes(lists: AddressList) {
  const blocks = addressBlocks(lists);
  const ipv4 = blocks.filter(({ family }) => family === 4).length;
  return {
    entry_count: lists.entries.length,
    excluded_count: lists.excluded.length,
    ipv4_blocks: ipv4,
    ipv6_blocks: blocks.length - ipv4,
  };
}

const summary = ({ name, tenantId, entries, excluded }: AddressSet) => ({ name, tenantId, entries, excluded });
