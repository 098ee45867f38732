import { randomUUID } from 'node:crypto';
import type { GatewayGroup } from '@hypervigil/model';
import { type RawBuilder, sql } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import { staleRevision } from '../policy/groups.ts';
import { requireUnnamed } from '../policy/named.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { planGateways } from './plan.ts';

type Input = Omit<GatewayGroup, 'id' | 'num' | 'revision' | 'changedAt' | 'maxPerHost'> & {
  readonly maxPerHost?: number | undefined;
};

const select = (db: Database | Tx) => db.selectFrom('gateway_groups').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const toGroup = (row: Row): GatewayGroup => ({
  id: row.id,
  num: row.num,
  name: row.name,
  description: row.description,
  tenantId: row.tenant_id,
  perHost: row.per_host,
  maxPerHost: row.max_per_host,
  vcpus: row.vcpus,
  memoryMiB: row.memory_mib,
  detect: row.detect,
  revision: row.revision,
  changedAt: row.changed_at.toISOString(),
});

/** @throws ApiFailure `invalid-request` */
function columns({ name, description, tenantId, perHost, maxPerHost = perHost, vcpus, memoryMiB, detect }: Input) {
  if (maxPerHost < perHost) {
    const mistake = { field: 'maxPerHost', code: 'too-low' as const, params: { minimum: perHost } };
    throw new ApiFailure('invalid-request', {}, { mistakes: [mistake] });
  }
  const size = { per_host: perHost, max_per_host: maxPerHost, vcpus, memory_mib: memoryMiB, detect };
  return { name, description, tenant_id: tenantId, ...size };
}

const FAILURES = {
  gateway_groups_name_key: () => new ApiFailure('name-taken', { what: 'gateway-group', field: 'name' }),
  gateway_groups_tenant_id_fkey: () => unknownId('tenantId', 'tenant'),
};

export const listGatewayGroups = (
  db: Database,
  input: ListInput,
  visible: RawBuilder<boolean>,
): Promise<ListOf<GatewayGroup>> => listByName(select(db).where(namedLike(input.q)).where(visible), input, toGroup);

/** @throws ApiFailure `not-found` */
export async function getGatewayGroup(db: Database | Tx, id: string): Promise<GatewayGroup> {
  const row = await select(db).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('gateway-group', id);
  return toGroup(row);
}

export function createGatewayGroup(db: Database, actor: Actor, input: Input): Promise<GatewayGroup> {
  return explaining(FAILURES, () =>
    transact(db, actor, async (work) => {
      const id = randomUUID();
      await work.tx
        .insertInto('gateway_groups')
        .values({ id, ...columns(input) })
        .execute();
      work.audit({ action: 'gateway-group.created', subject: `gateway-group:${id}`, params: input });
      await planGateways(work);
      return getGatewayGroup(work.tx, id);
    }),
  );
}

export function updateGatewayGroup(
  db: Database,
  actor: Actor,
  id: string,
  input: Input & { revision: number },
): Promise<GatewayGroup> {
  return explaining(FAILURES, () =>
    transact(db, actor, async (work) => {
      const row = await select(work.tx).where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined) throw notFound('gateway-group', id);
      if (row.revision !== input.revision) throw staleRevision(row.revision);
      const next = { ...columns(input), revision: row.revision + 1, changed_at: new Date() };
      await work.tx.updateTable('gateway_groups').set(next).where('id', '=', id).execute();
      work.audit({ action: 'gateway-group.updated', subject: `gateway-group:${id}`, params: input });
      await planGateways(work, id);
      return getGatewayGroup(work.tx, id);
    }),
  );
}

/** @throws ApiFailure `in-use` */
async function requireNoMirror(tx: Tx, id: string): Promise<void> {
  await tx.selectFrom('gateway_groups').select('id').where('id', '=', id).forUpdate().execute();
  const mirror = await tx
    .selectFrom('mirrors')
    .select('id')
    .where(sql<boolean>`target->>'groupId' = ${id}`)
    .executeTakeFirst();
  if (mirror !== undefined) throw new ApiFailure('in-use', { what: 'gateway-group', by: 'mirror' });
}

/** Every gateway that is from another image than its host has now is replaced when its turn comes. */
export function upgradeGatewayGroup(db: Database, actor: Actor, id: string): Promise<{ gateways: number }> {
  return transact(db, actor, async (work) => {
    const { tx, audit } = work;
    await lock(tx, 'gateways');
    const { name } = await getGatewayGroup(tx, id);
    const renewed = await tx
      .updateTable('gateways')
      .set({ renew: true })
      .where('group_id', '=', id)
      .where('replaced_by', 'is', null)
      .where(sql<boolean>`report->>'measurement' <> report->>'available'`)
      .returning('id')
      .execute();
    audit({
      action: 'gateway-group.upgraded',
      subject: `gateway-group:${id}`,
      params: { name, gateways: renewed.length },
    });
    await planGateways(work);
    return { gateways: renewed.length };
  });
}

export function deleteGatewayGroup(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    await lock(tx, 'policy');
    await requireUnnamed(tx, 'gateway-group', id);
    await requireNoMirror(tx, id);
    const hosts = await tx.selectFrom('gateways').select('host_id').distinct().where('group_id', '=', id).execute();
    const row = await tx.deleteFrom('gateway_groups').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw notFound('gateway-group', id);
    audit({ action: 'gateway-group.deleted', subject: `gateway-group:${id}`, params: { name: row.name } });
    changed('gateways');
    for (const { host_id } of hosts) changed('gateways', host_id);
  });
}
