import { randomUUID } from 'node:crypto';
import { MAX_ROUTES, type NotificationRoute, type NotificationSecrets } from '@hypervigil/model';
import { type RawBuilder, sql } from 'kysely';
import type { Vault } from '../ca/key-file.ts';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import { staleRevision } from '../policy/groups.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { contains, decodeCursor, type ListInput, type ListOf, pageOf } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { selectRoutes, toRoute } from './rows.ts';
import { nextSecrets, openSecrets, placeOf, sealSecrets } from './secrets.ts';

export interface RouteDeps {
  readonly db: Database;
  readonly vault: Vault;
}

type Fields = Pick<
  NotificationRoute,
  'name' | 'description' | 'enabled' | 'language' | 'match' | 'perHour' | 'target'
> & { readonly secrets: NotificationSecrets };

const FAILURES = {
  notification_routes_name: () => new ApiFailure('name-taken', { what: 'notification', field: 'name' }),
  notification_routes_tenant_id_fkey: () => unknownId('tenantId', 'tenant'),
};

/** `visible` speaks of `tenant_id`. */
export async function listRoutes(
  db: Database,
  { limit, cursor, q }: ListInput,
  visible: RawBuilder<boolean>,
): Promise<ListOf<NotificationRoute>> {
  const after = decodeCursor(cursor, ['string', 'string']);
  const found = selectRoutes(db)
    .where(visible)
    .$if(q !== undefined, (b) => b.where('name', 'ilike', contains(q!)));
  const [{ total }, rows] = await Promise.all([
    found
      .clearSelect()
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow(),
    found
      .$if(after !== undefined, (b) => b.where(sql<boolean>`(name, r.id) > (${after![0]}, ${after![1]}::uuid)`))
      .orderBy('name')
      .orderBy('r.id')
      .limit(limit + 1)
      .execute(),
  ]);
  return { ...pageOf(rows, limit, ({ name, id }) => [name, id], toRoute), total };
}

/** @throws ApiFailure `not-found` */
export async function getRoute(db: Database | Tx, id: string): Promise<NotificationRoute> {
  const row = await selectRoutes(db).where('r.id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('notification', id);
  return toRoute(row);
}

export function createRoute(
  { db, vault }: RouteDeps,
  actor: Actor,
  { tenantId, secrets: given, ...input }: Fields & { readonly tenantId: string | null },
): Promise<NotificationRoute> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      await requireRoom(tx, tenantId);
      const id = randomUUID();
      const secrets = nextSecrets(input.target, given, undefined);
      await tx
        .insertInto('notification_routes')
        .values({ id, tenant_id: tenantId, ...columns(vault, id, input, secrets) })
        .execute();
      audit({ action: 'notification.created', subject: `notification:${id}`, params: { ...told(input), tenantId } });
      changed('notifications');
      return getRoute(tx, id);
    }),
  );
}

/** A destination that is another begins anew; what waits for a route that is switched off is dropped. */
export function updateRoute(
  { db, vault }: RouteDeps,
  actor: Actor,
  id: string,
  { revision, secrets: given, ...input }: Fields & { readonly revision: number },
): Promise<NotificationRoute> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const row = await tx
        .selectFrom('notification_routes')
        .selectAll()
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) throw notFound('notification', id);
      if (row.revision !== revision) throw staleRevision(row.revision);
      const secrets = nextSecrets(input.target, given, { target: row.target, secrets: secretsOf(vault, row) });
      const fresh = { failures: 0, failing_since: null, problem: null, retry_at: null };
      const next = { ...columns(vault, id, input, secrets), ...fresh, revision: revision + 1, changed_at: new Date() };
      await tx.updateTable('notification_routes').set(next).where('id', '=', id).execute();
      if (!input.enabled) await dropWaiting(tx, id);
      audit({ action: 'notification.updated', subject: `notification:${id}`, params: told(input) });
      changed('notifications');
      return getRoute(tx, id);
    }),
  );
}

export function deleteRoute(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const row = await tx.deleteFrom('notification_routes').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw notFound('notification', id);
    audit({ action: 'notification.deleted', subject: `notification:${id}`, params: { name: row.name } });
    changed('notifications');
  });
}

async function requireRoom(tx: Tx, tenantId: string | null): Promise<void> {
  await lock(tx, 'notifications');
  const { count } = await tx
    .selectFrom('notification_routes')
    .select(sql<number>`count(*)`.as('count'))
    .where(sql<boolean>`tenant_id is not distinct from ${tenantId}::uuid`)
    .executeTakeFirstOrThrow();
  if (count >= MAX_ROUTES) throw new ApiFailure('routes-full', { maximum: MAX_ROUTES });
}

/** Of a route whose key is lost nothing is kept: everything has to be entered again. */
function secretsOf(vault: Vault, { id, secrets }: { id: string; secrets: Buffer }): NotificationSecrets {
  try {
    return openSecrets(vault, id, secrets);
  } catch {
    return {};
  }
}

const dropWaiting = (tx: Tx, routeId: string) =>
  tx
    .deleteFrom('notification_outbox')
    .where('route_id', '=', routeId)
    .where(sql<boolean>`(state = 'waiting' or state = 'held' and digest_id is null)`)
    .execute();

function columns(vault: Vault, id: string, input: Omit<Fields, 'secrets'>, secrets: NotificationSecrets) {
  const { name, description, enabled, language, match, perHour, target } = input;
  return {
    ...{ name, description, enabled, language, per_hour: perHour },
    match: JSON.stringify(match),
    target: JSON.stringify(target),
    place: placeOf(target, secrets),
    secrets: sealSecrets(vault, id, secrets),
    secret_names: Object.keys(secrets) as (keyof NotificationSecrets)[],
  };
}

/** What the audit says: nothing that is secret. */
const told = ({ name, description, enabled, match, target }: Omit<Fields, 'secrets'>) => ({
  ...{ name, description, enabled, kind: target.kind, severity: match.leastSeverity, tenantIds: match.tenantIds },
  selector: match.selector,
});
