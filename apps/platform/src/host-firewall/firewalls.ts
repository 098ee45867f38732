import type { AuditAction, HostFirewall, HostFirewallDefault, HostFirewallPolicy } from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure, notFound } from '../errors.ts';
import { staleRevision } from '../policy/groups.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, transact } from '../state/work.ts';
import { hasFailed } from './report.ts';
import { ensureRows } from './rows.ts';

interface Setting {
  readonly policy: HostFirewallPolicy | null;
  readonly trialSeconds: number;
  /** The one that the change was made on. */
  readonly revision: number;
}

const COLUMNS = [
  'inherited',
  'revision',
  'policy',
  'trial_seconds',
  'confirmed',
  'changed_at',
  'changed_by',
  'status',
] as const;

const select = (db: Database | Tx) =>
  db
    .selectFrom('hosts')
    .innerJoin('host_firewalls', 'host_id', 'hosts.id')
    .select(['hosts.id', 'hosts.name', ...COLUMNS]);
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const settingOf = (row: Pick<Row, Exclude<(typeof COLUMNS)[number], 'inherited' | 'status'>>): HostFirewallDefault => ({
  revision: row.revision,
  policy: row.policy,
  trialSeconds: row.trial_seconds,
  confirmed: row.confirmed,
  changedAt: row.changed_at?.toISOString() ?? null,
  changedBy: row.changed_by,
});

const toFirewall = (row: Row): HostFirewall => ({
  hostId: row.id,
  hostName: row.name,
  inherited: row.inherited,
  ...settingOf(row),
  status: row.status,
});

export async function listHostFirewalls(db: Database, input: ListInput): Promise<ListOf<Omit<HostFirewall, 'policy'>>> {
  await ensureRows(db);
  return await listByName(select(db).where(namedLike(input.q)), input, (row) => {
    const { policy: _, ...firewall } = toFirewall(row);
    return firewall;
  });
}

/** @throws ApiFailure `not-found` */
export async function getHostFirewall(db: Database | Tx, id: string): Promise<HostFirewall> {
  await ensureRows(db, id);
  const row = await select(db).where('hosts.id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('host', id);
  return toFirewall(row);
}

export function setHostFirewall(db: Database, actor: Actor, id: string, setting: Setting): Promise<HostFirewall> {
  return change(db, actor, id, setting.revision, 'host-firewall.updated', async () => ({
    inherited: false,
    policy: setting.policy,
    trialSeconds: setting.trialSeconds,
  }));
}

export function inheritHostFirewall(db: Database, actor: Actor, id: string, revision: number): Promise<HostFirewall> {
  return change(db, actor, id, revision, 'host-firewall.inherited', async (tx) => {
    const { policy, trialSeconds } = await getDefault(tx);
    return { inherited: true, policy, trialSeconds };
  });
}

function change(
  db: Database,
  actor: Actor,
  id: string,
  revision: number,
  action: AuditAction,
  next: (tx: Tx) => Promise<Omit<Setting, 'revision'> & { inherited: boolean }>,
): Promise<HostFirewall> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    await requireRevision(tx, id, revision);
    const { inherited, policy, trialSeconds } = await next(tx);
    await tx
      .updateTable('host_firewalls')
      .set({ inherited, revision: revision + 1, ...written({ policy, trialSeconds }, actor) })
      .where('host_id', '=', id)
      .execute();
    audit({ action, subject: `host:${id}`, params: { policy, trialSeconds } });
    changed('host-firewall', id);
    return getHostFirewall(tx, id);
  });
}

const written = ({ policy, trialSeconds }: Omit<Setting, 'revision'>, actor: Actor) => ({
  policy: policy && JSON.stringify(policy),
  trial_seconds: trialSeconds,
  confirmed: false,
  changed_at: new Date(),
  changed_by: actor.name,
});

/** Locks the host's row. */
async function requireRevision(tx: Tx, id: string, revision: number): Promise<HostFirewall> {
  await ensureRows(tx, id);
  await tx.selectFrom('host_firewalls').select('host_id').where('host_id', '=', id).forUpdate().execute();
  const firewall = await getHostFirewall(tx, id);
  if (firewall.revision !== revision) throw staleRevision(firewall.revision);
  return firewall;
}

const isOver = ({ revision, status }: Pick<HostFirewall, 'revision' | 'status'>): boolean =>
  status !== null && status.revision === revision && hasFailed(status);

/** What was rolled back, refused or failed cannot be confirmed any more: the host would not hear of it. */
export function confirmHostFirewall(db: Database, actor: Actor, id: string, revision: number): Promise<HostFirewall> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    if (isOver(await requireRevision(tx, id, revision))) throw new ApiFailure('trial-over', {});
    await tx.updateTable('host_firewalls').set({ confirmed: true }).where('host_id', '=', id).execute();
    audit({ action: 'host-firewall.confirmed', subject: `host:${id}`, params: { revision } });
    changed('host-firewall', id);
    return getHostFirewall(tx, id);
  });
}

export async function getDefault(db: Database | Tx): Promise<HostFirewallDefault> {
  return settingOf(await db.selectFrom('host_firewall_default').selectAll().executeTakeFirstOrThrow());
}

async function requireDefaultRevision(tx: Tx, revision: number): Promise<void> {
  const row = await tx.selectFrom('host_firewall_default').select('revision').forUpdate().executeTakeFirstOrThrow();
  if (row.revision !== revision) throw staleRevision(row.revision);
}

export function setDefault(db: Database, actor: Actor, setting: Setting): Promise<HostFirewallDefault> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    await requireDefaultRevision(tx, setting.revision);
    await ensureRows(tx);
    const next = written(setting, actor);
    await tx
      .updateTable('host_firewall_default')
      .set({ ...next, revision: setting.revision + 1 })
      .execute();
    const hosts = await tx
      .updateTable('host_firewalls')
      .set({ ...next, revision: sql`revision + 1` })
      .where('inherited', '=', true)
      .returning('host_id')
      .execute();
    const { policy, trialSeconds } = setting;
    audit({ action: 'host-firewall.default.updated', subject: 'host-firewall', params: { policy, trialSeconds } });
    changed('host-firewall');
    for (const { host_id: id } of hosts) changed('host-firewall', id);
    return getDefault(tx);
  });
}

export function confirmDefault(db: Database, actor: Actor, revision: number): Promise<HostFirewallDefault> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    await requireDefaultRevision(tx, revision);
    const trials = await tx
      .selectFrom('host_firewalls')
      .select(['revision', 'status'])
      .where('inherited', '=', true)
      .where('confirmed', '=', false)
      .execute();
    if (trials.length > 0 && trials.every(isOver)) throw new ApiFailure('trial-over', {});
    await tx.updateTable('host_firewall_default').set({ confirmed: true }).execute();
    const hosts = await tx
      .updateTable('host_firewalls')
      .set({ confirmed: true })
      .where('inherited', '=', true)
      .where('confirmed', '=', false)
      .returning('host_id')
      .execute();
    audit({ action: 'host-firewall.default.confirmed', subject: 'host-firewall', params: { revision } });
    changed('host-firewall');
    for (const { host_id: id } of hosts) changed('host-firewall', id);
    return getDefault(tx);
  });
}
