import { randomUUID } from 'node:crypto';
import type { AddressSet } from '@hypervigil/model';
import { type AddressList, addressBlocks, listMistakes } from '@hypervigil/policy';
import { sql } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
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

const select = (db: Database | Tx) => db.selectFrom('address_sets').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

function toAddressSet(row: Row): AddressSet {
  return {
    id: row.id,
    num: row.num,
    name: row.name,
    description: row.description,
    tenantId: row.tenant_id,
    entries: row.entry_count,
    excluded: row.excluded_count,
    blocks: { ipv4: row.ipv4_blocks, ipv6: row.ipv6_blocks },
    revision: row.revision,
    changedAt: row.changed_at.toISOString(),
  };
}

const FAILURES = {
  address_sets_name_key: () => new ApiFailure('name-taken', { what: 'address-set', field: 'name' }),
  address_sets_tenant_id_fkey: () => unknownId('tenantId', 'tenant'),
};

export const listAddressSets = (db: Database, input: ListInput): Promise<ListOf<AddressSet>> =>
  listByName(select(db).where(namedLike(input.q)), input, toAddressSet);

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
  requireEntries(input);
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const id = randomUUID();
      await tx
        .insertInto('address_sets')
        .values({ id, ...columns(input), ...sizes(input) })
        .execute();
      await tx
        .insertInto('address_set_entries')
        .values({ set_id: id, entries: [...input.entries], excluded: [...input.excluded] })
        .execute();
      const created = await getAddressSet(tx, id);
      audit({ action: 'address-set.created', subject: `address-set:${id}`, params: summary(created) });
      changed('address-sets', id);
      return created;
    }),
  );
}

export function updateAddressSet(
  db: Database,
  actor: Actor,
  id: string,
  input: Fields & Lists & { revision: number },
): Promise<AddressSet> {
  requireEntries({ entries: input.entries ?? [], excluded: input.excluded ?? [] });
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const row = await select(tx).where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined) throw notFound('address-set', id);
      if (row.revision !== input.revision) throw staleRevision(row.revision);
      const next = { ...columns(input), revision: row.revision + 1, changed_at: new Date() };
      await tx.updateTable('address_sets').set(next).where('id', '=', id).execute();
      if (input.entries !== undefined || input.excluded !== undefined) await replaceEntries(tx, id, input);
      const updated = await getAddressSet(tx, id);
      audit({ action: 'address-set.updated', subject: `address-set:${id}`, params: summary(updated) });
      changed('address-sets', id);
      return updated;
    }),
  );
}

/** Puts lists in place of those that are there; one that is absent stays. */
async function replaceEntries(tx: Tx, id: string, { entries, excluded }: Lists): Promise<void> {
  const before = await tx
    .selectFrom('address_set_entries')
    .select(['entries', 'excluded'])
    .where('set_id', '=', id)
    .executeTakeFirstOrThrow();
  const next = { entries: [...(entries ?? before.entries)], excluded: [...(excluded ?? before.excluded)] };
  await tx.updateTable('address_set_entries').set(next).where('set_id', '=', id).execute();
  await tx.updateTable('address_sets').set(sizes(next)).where('id', '=', id).execute();
}

export function deleteAddressSet(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    // Under the lock of the draft, so that no rule comes to name it meanwhile.
    await lock(tx, 'policy');
    await requireUnnamed(tx, 'address-set', id);
    const row = await tx.deleteFrom('address_sets').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw notFound('address-set', id);
    audit({ action: 'address-set.deleted', subject: `address-set:${id}`, params: { name: row.name } });
    changed('address-sets', id);
  });
}

/** @throws ApiFailure `invalid-request` with the entries that are none, by their places */
function requireEntries(lists: AddressList): void {
  const mistakes = listMistakes(lists, SHOWN_MISTAKES);
  if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
}

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
