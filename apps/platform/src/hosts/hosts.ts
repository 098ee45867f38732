import type { Host } from '@hypervigil/model';
import { sql } from 'kysely';
import { notFound } from '../errors.ts';
import type { ClaimSettings } from '../inventory/claims.ts';
import { settle } from '../inventory/observe.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';

const vmCount = sql<number>`(select count(*) from vms where vms.host_id = hosts.id and vms.state <> 'gone')`;

const select = (db: Database | Tx) => db.selectFrom('hosts').selectAll('hosts').select(vmCount.as('vms'));
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

function toHost(row: Row): Host {
  return {
    id: row.id,
    name: row.name,
    state: row.revoked ? 'revoked' : row.channel_id === null ? 'offline' : 'online',
    facts: row.facts,
    health: row.health,
    intentRevision: row.intent_revision,
    appliedRevision: row.applied_revision,
    applyError: row.apply_error,
    vms: row.vms,
    enrolledAt: row.enrolled_at.toISOString(),
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    certificateExpiresAt: row.certificate_expires_at.toISOString(),
  };
}

export const listHosts = (db: Database, input: ListInput): Promise<ListOf<Host>> =>
  listByName(select(db).where(namedLike(input.q)), input, toHost);

export async function findHosts(db: Database, ids: readonly string[]): Promise<Host[]> {
  if (ids.length === 0) return [];
  return (await select(db).where('id', 'in', ids).execute()).map(toHost);
}

/** @throws ApiFailure `not-found` */
export async function getHost(db: Database, id: string): Promise<Host> {
  const [host] = await findHosts(db, [id]);
  if (host === undefined) throw notFound('host', id);
  return host;
}

/**
 * Revokes a host's certificates: its channel is cut, and it goes on enforcing what it was last told. A host that is
 * revoked already is forgotten, with what it had said of its VMs.
 */
export async function revokeHost(db: Database, actor: Actor, id: string, claims: ClaimSettings): Promise<void> {
  await transact(db, actor, async (work) => {
    const { tx, audit, changed } = work;
    const row = await tx
      .selectFrom('hosts')
      .select(['name', 'revoked'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw notFound('host', id);
    if (row.revoked) {
      await lock(tx, 'inventory');
      const said = await tx.deleteFrom('sightings').where('host_id', '=', id).returning('vm_id').execute();
      await tx.deleteFrom('hosts').where('id', '=', id).execute();
      await settle(
        work,
        said.map((row) => row.vm_id),
        claims,
      );
    } else {
      const cut = { revoked: true, channel_process: null, channel_id: null };
      await tx.updateTable('hosts').set(cut).where('id', '=', id).execute();
    }
    audit({ action: row.revoked ? 'host.removed' : 'host.revoked', subject: `host:${id}`, params: { name: row.name } });
    changed('host', id);
  });
}
