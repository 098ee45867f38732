import { MAX_ADDRESS_ENTRIES } from '@hypervigil/model';
import { deniesSet, inAddressSet } from '@hypervigil/policy';
import type { Selectable } from 'kysely';
import { ApiFailure, badField, unknownId } from '../errors.ts';
import { ENTRIES } from '../intent/cloud.ts';
import { replaceEntries } from '../policy/address-sets.ts';
import { publishedPolicies } from '../policy/published.ts';
import type { Tx } from '../state/database.ts';
import type { AlertTable } from '../state/tables/alerts.ts';
import type { Work } from '../state/work.ts';

type Blocked = Pick<Selectable<AlertTable>, 'tenant_id' | 'peers'>;

/**
 * Puts one of the alert's peers into an address set that a rule in force denies; hosts are told at once, as of every change of a set.
 * @throws ApiFailure `invalid-request`, `entries-from-feed`, `set-not-denied`, `blocked-already`, `never-blocked`, `set-full`
 */
export async function blockIn(work: Work, alert: Blocked, ip: string, setId: string): Promise<void> {
  const { tx } = work;
  if (!alert.peers.some((peer) => peer.ip === ip)) throw badField('ip', { code: 'not-a-peer', params: {} });
  const set = await findSet(tx, setId);
  if (set === undefined) throw unknownId('addressSetId', 'address-set');
  if (set.tenant_id !== null && set.tenant_id !== alert.tenant_id)
    throw badField('addressSetId', { code: 'foreign-address-set', params: {} });
  const feed = await tx.selectFrom('threat_feeds').select('set_id').where('set_id', '=', setId).executeTakeFirst();
  if (feed !== undefined) throw new ApiFailure('entries-from-feed', {});
  if (!deniesSet(await publishedPolicies(tx), setId, new Date()))
    throw new ApiFailure('set-not-denied', { set: set.name });
  const { entries, excluded } = await listsOf(tx, setId);
  if (entries.includes(ip)) throw new ApiFailure('blocked-already', { address: ip, set: set.name });
  if (!inAddressSet({ entries: [ip], excluded }, ip))
    throw new ApiFailure('never-blocked', { address: ip, set: set.name });
  if (entries.length + excluded.length >= MAX_ADDRESS_ENTRIES)
    throw new ApiFailure('set-full', { maximum: MAX_ADDRESS_ENTRIES });
  await replace(work, setId, [...entries, ip]);
}

/** @returns whether the address was still there to be taken out */
export async function unblockIn(work: Work, ip: string, setId: string): Promise<boolean> {
  if ((await findSet(work.tx, setId)) === undefined) return false;
  const { entries } = await listsOf(work.tx, setId);
  if (!entries.includes(ip)) return false;
  await replace(
    work,
    setId,
    entries.filter((entry) => entry !== ip),
  );
  return true;
}

const findSet = (tx: Tx, id: string) =>
  tx
    .selectFrom('address_sets')
    .select(['name', 'tenant_id', 'revision'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();

const listsOf = (tx: Tx, id: string) =>
  tx.selectFrom('address_set_entries').select(ENTRIES).where('set_id', '=', id).executeTakeFirstOrThrow();

/** Whoever edits the set meanwhile is told that it is not as it was. */
async function replace({ tx, changed }: Work, id: string, entries: readonly string[]): Promise<void> {
  await replaceEntries(tx, id, { entries });
  await tx
    .updateTable('address_sets')
    .set((e) => ({ revision: e('revision', '+', 1), changed_at: new Date() }))
    .where('id', '=', id)
    .execute();
  changed('address-sets', id);
}
