import {
  type AuditAction,
  GATEWAY_MEMORY_STEP_MIB,
  GATEWAY_STATES,
  type Gateway,
  type GatewayPhase,
  type GatewayReport,
} from '@hypervigil/model';
import { sql } from 'kysely';
import { notFound } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { type Actor, lock, transact, type Work } from '../state/work.ts';
import { addGateway } from './plan.ts';

const select = (db: Database | Tx) =>
  db
    .selectFrom('gateways')
    .innerJoin('gateway_groups', 'gateway_groups.id', 'group_id')
    .innerJoin('hosts', 'hosts.id', 'host_id')
    .selectAll('gateways')
    .select([
      'gateway_groups.name as group_name',
      'gateway_groups.vcpus',
      'gateway_groups.memory_mib',
      'hosts.name as host_name',
      'hosts.applied_revision',
      sql<boolean>`hosts.channel_id is not null`.as('online'),
    ]);
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

function toGateway(row: Row): Gateway {
  const { report } = row;
  const drift: Gateway['drift'] = [];
  if (report && report.measurement !== null && report.available !== null && report.measurement !== report.available)
    drift.push('image');
  if (report?.phase === 'up' && report.revision !== row.applied_revision) drift.push('policy');
  if (report && !hasSize(report, row)) drift.push('size');
  return {
    id: row.id,
    num: row.num,
    groupId: row.group_id,
    groupName: row.group_name,
    hostId: row.host_id,
    hostName: row.host_name,
    hostOnline: row.online,
    epoch: row.epoch,
    drain: row.drain,
    retired: row.retired,
    replacedBy: row.replaced_by,
    report,
    drift,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.seen_at?.toISOString() ?? null,
  };
}

/** What no host has said is no drift. */
function hasSize({ vcpus, memoryMiB }: Partial<GatewayReport>, row: Row): boolean {
  if (typeof vcpus !== 'number' || typeof memoryMiB !== 'number') return true;
  return vcpus === row.vcpus && Math.abs(memoryMiB - row.memory_mib) < GATEWAY_MEMORY_STEP_MIB;
}

/** In the order of hosts and groups. */
export async function listGateways(db: Database | Tx): Promise<{ items: Gateway[] }> {
  const rows = await select(db).orderBy('hosts.name').orderBy('gateway_groups.name').orderBy('gateways.num').execute();
  return { items: rows.map(toGateway) };
}

/** @throws ApiFailure `not-found` */
export async function getGateway(db: Database | Tx, id: string): Promise<Gateway> {
  const row = await select(db).where('gateways.id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('gateway', id);
  return toGateway(row);
}

export interface GatewayCount {
  readonly group: string;
  readonly host: string;
  /** `lost` on a host that is not online: what it said last may be over. */
  readonly phase: GatewayPhase | 'lost';
  readonly count: number;
}

/** How many there are of each group on each host, by phase; phases in which there are none are told as 0. */
export async function countGateways(db: Database): Promise<GatewayCount[]> {
  const { items } = await listGateways(db);
  const phaseOf = ({ hostOnline, report }: Gateway) => (hostOnline ? (report?.phase ?? 'waiting') : 'lost');
  const crews = Map.groupBy(items, ({ groupName, hostName }) => JSON.stringify([groupName, hostName]));
  return [...crews.values()].flatMap((crew) =>
    ([...GATEWAY_STATES, 'lost'] as const).map((phase) => ({
      group: crew[0]!.groupName,
      host: crew[0]!.hostName,
      phase,
      count: crew.filter((gateway) => phaseOf(gateway) === phase).length,
    })),
  );
}

function change(
  db: Database,
  actor: Actor,
  id: string,
  action: AuditAction,
  run: (work: Work, gateway: Gateway) => Promise<{ readonly drain?: boolean; readonly successor?: string } | undefined>,
): Promise<Gateway> {
  return transact(db, actor, async (work) => {
    await lock(work.tx, 'gateways');
    const gateway = await getGateway(work.tx, id);
    const params = await run(work, gateway);
    work.audit({ action, subject: `gateway:${id}`, ...(params && { params }) });
    work.changed('gateways');
    work.changed('gateways', gateway.hostId);
    return getGateway(work.tx, id);
  });
}

export const restartGateway = (db: Database, actor: Actor, id: string): Promise<Gateway> =>
  change(db, actor, id, 'gateway.restarted', async ({ tx }) => {
    await tx.updateTable('gateways').set({ epoch: sql`epoch + 1` }).where('id', '=', id).execute();
    return undefined;
  });

export const drainGateway = (db: Database, actor: Actor, id: string, drain: boolean): Promise<Gateway> =>
  change(db, actor, id, 'gateway.drained', async ({ tx }) => {
    // Who gives it connections again wants it to stay.
    const change = { drain, ...(drain ? {} : { retired: false }) };
    await tx.updateTable('gateways').set(change).where('id', '=', id).execute();
    return { drain };
  });

/** A second time changes nothing: the successor is there already. */
export const replaceGateway = (db: Database, actor: Actor, id: string): Promise<Gateway> =>
  change(db, actor, id, 'gateway.replaced', async ({ tx }, { groupId, hostId, replacedBy }) => {
    const successor = replacedBy ?? (await addGateway(tx, groupId, hostId));
    await tx.updateTable('gateways').set({ replaced_by: successor }).where('id', '=', id).execute();
    return { successor };
  });
