import { randomUUID } from 'node:crypto';
import type { SeenMirror } from '@hypervigil/contract';
import { type FieldMistake, type Id, MAX_MIRRORS, type Mirror } from '@hypervigil/model';
import { canonicalBlock } from '@hypervigil/policy';
import { type RawBuilder, sql } from 'kysely';
import { ApiFailure, badField, notFound, unknownId } from '../errors.ts';
import { staleRevision } from '../policy/groups.ts';
import { requireUnnamed } from '../policy/named.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { endCaptures } from './captures.ts';

type Input = Omit<Mirror, 'id' | 'num' | 'revision' | 'changedAt'>;

const select = (db: Database | Tx) => db.selectFrom('mirrors').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const FAILURES = {
  mirrors_name_key: () => new ApiFailure('name-taken', { what: 'mirror', field: 'name' }),
  mirrors_tenant_id_fkey: () => unknownId('tenantId', 'tenant'),
};

const toMirror = (row: Row): Mirror => ({
  id: row.id,
  num: row.num,
  name: row.name,
  description: row.description,
  tenantId: row.tenant_id,
  vmIds: row.vm_ids,
  oneIn: row.one_in,
  target: row.target,
  revision: row.revision,
  changedAt: row.changed_at.toISOString(),
});

const columns = ({ name, description, vmIds, oneIn, target }: Omit<Input, 'tenantId'>) => ({
  name,
  description,
  vm_ids: vmIds,
  one_in: oneIn,
  target: JSON.stringify(target),
});

async function seen(db: Database | Tx, mirrors: readonly Mirror[]): Promise<SeenMirror[]> {
  const rows = await db
    .selectFrom('mirror_reports')
    .innerJoin('hosts', 'hosts.id', 'host_id')
    .select(['mirror_id', 'host_id', 'hosts.name', 'report'])
    .orderBy('hosts.name')
    .execute();
  const byMirror = Map.groupBy(rows, (row) => row.mirror_id);
  return mirrors.map((mirror) => ({
    ...mirror,
    hosts: (byMirror.get(mirror.id) ?? []).map(({ host_id, name, report }) => ({
      hostId: host_id,
      hostName: name,
      ...report,
    })),
  }));
}

export async function listMirrors(
  db: Database,
  input: ListInput,
  visible: RawBuilder<boolean>,
): Promise<ListOf<SeenMirror>> {
  const page = await listByName(select(db).where(namedLike(input.q)).where(visible), input, toMirror);
  return { ...page, items: await seen(db, page.items) };
}

/** @throws ApiFailure `not-found` */
export async function getMirror(db: Database | Tx, id: string): Promise<SeenMirror> {
  const row = await select(db).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('mirror', id);
  const [mirror] = await seen(db, [toMirror(row)]);
  return mirror!;
}

/**
 * A mirror copies what is its tenant's, and a collector that is a VM of the cloud would hand it to whoever has that VM.
 * @throws ApiFailure `invalid-request`
 */
async function requireOwn(tx: Tx, { tenantId, vmIds, target }: Pick<Input, 'tenantId' | 'vmIds' | 'target'>) {
  const vms = await tx
    .selectFrom('vms')
    .select(['id', 'tenant_id'])
    .where(sql<boolean>`id = any(${vmIds}::uuid[])`)
    .execute();
  const tenants = new Map(vms.map((vm) => [vm.id, vm.tenant_id]));
  const mistakes = vmIds.flatMap((id, i): FieldMistake[] => {
    const field = `vmIds.${i}`;
    if (!tenants.has(id)) return [{ field, code: 'unknown-id', params: { what: 'vm' } }];
    return tenants.get(id) === tenantId ? [] : [{ field, code: 'foreign-vm', params: {} }];
  });
  if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
  if (target.kind === 'gateway') await requireOwnGroup(tx, tenantId, target.groupId);
  if (target.kind !== 'tunnel') return;
  const address = canonicalBlock(target.collector);
  const owners = await tx
    .selectFrom('vnics')
    .innerJoin('vms', 'vms.id', 'vm_id')
    .select(['vms.name', 'ipv4', 'ipv6'])
    .where(target.collector.includes(':') ? sql<boolean>`ipv6 <> '{}'` : sql<boolean>`${address} = any(ipv4)`)
    .execute();
  const owner = owners.find(({ ipv4, ipv6 }) => [...ipv4, ...ipv6].some((one) => canonicalBlock(one) === address));
  if (owner) throw badField('target.collector', { code: 'collector-in-cloud', params: { vm: owner.name } });
}

/** Gateways of another tenant's are for that tenant's traffic; those of the provider's are for all. */
async function requireOwnGroup(tx: Tx, tenantId: Id, groupId: Id): Promise<void> {
  const field = 'target.groupId';
  // Held until the mirror names it: a group that a mirror names is not deleted.
  const group = await tx
    .selectFrom('gateway_groups')
    .select('tenant_id')
    .where('id', '=', groupId)
    .forShare()
    .executeTakeFirst();
  if (group === undefined) throw unknownId(field, 'gateway-group');
  if (group.tenant_id !== null && group.tenant_id !== tenantId)
    throw badField(field, { code: 'foreign-group', params: {} });
}

export function createMirror(db: Database, actor: Actor, input: Input): Promise<SeenMirror> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      await lock(tx, 'mirrors');
      const { count } = await tx
        .selectFrom('mirrors')
        .select(sql<number>`count(*)::int`.as('count'))
        .executeTakeFirstOrThrow();
      if (count >= MAX_MIRRORS) throw new ApiFailure('mirrors-full', { maximum: MAX_MIRRORS });
      const id = randomUUID();
      await tx
        .insertInto('mirrors')
        .values({ id, tenant_id: input.tenantId, ...columns(input) })
        .execute();
      await requireOwn(tx, input);
      audit({ action: 'mirror.created', subject: `mirror:${id}`, params: input });
      changed('mirrors');
      return getMirror(tx, id);
    }),
  );
}

export function updateMirror(
  db: Database,
  actor: Actor,
  id: string,
  { revision, ...input }: Omit<Input, 'tenantId'> & { revision: number },
): Promise<SeenMirror> {
  return explaining(FAILURES, () =>
    transact(db, actor, async (work) => {
      const { tx, audit, changed } = work;
      const row = await select(tx).where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined) throw notFound('mirror', id);
      if (row.revision !== revision) throw staleRevision(row.revision);
      await requireOwn(tx, { ...input, tenantId: row.tenant_id });
      const next = { ...columns(input), revision: revision + 1, changed_at: new Date() };
      await tx.updateTable('mirrors').set(next).where('id', '=', id).execute();
      if (input.target.kind !== 'capture') await endCaptures(work, { mirrorId: id });
      audit({ action: 'mirror.updated', subject: `mirror:${id}`, params: input });
      changed('mirrors');
      return getMirror(tx, id);
    }),
  );
}

export function deleteMirror(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    // Under the lock of the draft, so that no rule comes to name it meanwhile.
    await lock(tx, 'policy');
    await requireUnnamed(tx, 'mirror', id);
    const row = await tx.deleteFrom('mirrors').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw notFound('mirror', id);
    audit({ action: 'mirror.deleted', subject: `mirror:${id}`, params: { name: row.name } });
    changed('mirrors');
  });
}
