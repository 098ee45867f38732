import { randomUUID } from 'node:crypto';
import type { AddressSet, ThreatFeed, ThreatSet } from '@hypervigil/model';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import { badField, notFound } from '../errors.ts';
import { FAILURES, insertSet, removeSet, toAddressSet, updateSet } from '../policy/address-sets.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, transact } from '../state/work.ts';

type Fields = Pick<AddressSet, 'name' | 'description' | 'tenantId'> & { readonly feed: ThreatFeed };

const select = (db: Database | Tx) =>
  db.selectFrom('address_sets').innerJoin('threat_feeds', 'set_id', 'id').selectAll(['address_sets', 'threat_feeds']);
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

function toThreatSet(row: Row): ThreatSet {
  return {
    ...toAddressSet({ ...row, is_fed: true }),
    feed: { url: row.url, format: row.format, csvColumn: row.csv_column, everyMinutes: row.every_minutes },
    state: {
      source: row.source,
      fetchedAt: iso(row.fetched_at),
      sha256: row.sha256,
      bytes: row.bytes,
      taken: row.taken,
      leftOut: row.left_out,
      checkedAt: iso(row.checked_at),
      triedAt: iso(row.tried_at),
      nextAt: iso(row.next_at),
      problem: row.problem,
    },
  };
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const listThreatSets = (
  db: Database,
  input: ListInput,
  visible: RawBuilder<boolean>,
): Promise<ListOf<ThreatSet>> =>
  listByName(
    select(db)
      .where(namedLike(input.q) as Expression<SqlBool>)
      .where(visible as Expression<SqlBool>),
    input,
    toThreatSet,
  );

export async function getThreatSet(db: Database | Tx, id: string): Promise<ThreatSet> {
  const row = await select(db).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('threat-set', id);
  return toThreatSet(row);
}

export function createThreatSet(
  db: Database,
  actor: Actor,
  { feed, excluded, ...fields }: Fields & { excluded: readonly string[] },
): Promise<ThreatSet> {
  requireNoSecret(feed);
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const id = randomUUID();
      await insertSet(tx, id, { ...fields, entries: [], excluded });
      await tx
        .insertInto('threat_feeds')
        .values({ set_id: id, ...columns(feed), ...dueNow(feed) })
        .execute();
      audit({ action: 'threat-set.created', subject: `threat-set:${id}`, params: { name: fields.name, ...feed } });
      changed('address-sets', id);
      return getThreatSet(tx, id);
    }),
  );
}

export function updateThreatSet(
  db: Database,
  actor: Actor,
  id: string,
  { feed, ...set }: Fields & { excluded?: readonly string[] | undefined; revision: number },
): Promise<ThreatSet> {
  requireNoSecret(feed);
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const before = await getThreatSet(tx, id);
      await updateSet(tx, id, set);
      const isOther = (['url', 'format', 'csvColumn'] as const).some((field) => feed[field] !== before.feed[field]);
      // What another source said of its file says nothing of this one's.
      const asked = isOther ? { etag: null, last_modified: null, sha256: null, problem: null } : {};
      await tx
        .updateTable('threat_feeds')
        .set({ ...columns(feed), ...asked, ...dueNow(feed) })
        .where('set_id', '=', id)
        .execute();
      audit({ action: 'threat-set.updated', subject: `threat-set:${id}`, params: { name: set.name, ...feed } });
      changed('address-sets', id);
      return getThreatSet(tx, id);
    }),
  );
}

export function deleteThreatSet(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const { name } = await getThreatSet(tx, id);
    await removeSet(tx, id);
    audit({ action: 'threat-set.deleted', subject: `threat-set:${id}`, params: { name } });
    changed('address-sets', id);
  });
}

/** An address is shown to everybody who may see the set, and stands in the audit: it is no place for a password. */
function requireNoSecret({ url }: ThreatFeed): void {
  if (url === null) return;
  const { username, password } = new URL(url);
  if (username !== '' || password !== '') throw badField('feed.url', { code: 'secret-in-url', params: {} });
}

const columns = ({ url, format, csvColumn, everyMinutes }: ThreatFeed) => ({
  url,
  format,
  csv_column: csvColumn,
  every_minutes: everyMinutes,
});

const dueNow = ({ url }: ThreatFeed) => ({ next_at: url === null ? null : sql<Date>`now()` });
