import { randomUUID } from 'node:crypto';
import {
  entitiesOf,
  entityKey,
  type Grouped,
  INCIDENT_WINDOW_MS,
  type OpenIncident,
  placeAlert,
} from '@hypervigil/detect';
import type { IncidentTie } from '@hypervigil/model';
import { type Selectable, sql } from 'kysely';
import { toAlert } from '../detect/rows.ts';
import type { Tx } from '../state/database.ts';
import type { AlertTable } from '../state/tables/alerts.ts';
import { joinIncidents } from './join.ts';

/** Alerts that have something in common with one: more are not looked at, and those about its own VM come first. */
const MAX_LOOKED_AT = 1000;

/** Gives a new alert its incident. Whoever calls holds the lock `incidents`. */
export async function placeInIncident(tx: Tx, id: string): Promise<void> {
  const row = await tx.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const others = await alertsLike(tx, row);
  const incidents = await openIncidents(tx, [...new Set(others.map(({ incidentId }) => incidentId))]);
  const { incidentId, takes, ties } = placeAlert(groupable(row), others, incidents);
  const into = incidentId ?? (await beginIncident(tx));
  if (takes.length > 0) await joinIncidents(tx, into, takes);
  const entities = new Map(entitiesOf(toAlert(row)).map((one) => [entityKey(one), one]));
  const because = ties.map(({ key, alertId }): IncidentTie => ({ entity: entities.get(key)!, alertId }));
  await tx
    .updateTable('alerts')
    .set({ incident_id: into, entities: [...entities.keys()], ties: JSON.stringify(because) })
    .where('id', '=', id)
    .execute();
}

/** An incident without alerts yet. */
export async function beginIncident(tx: Tx, arranged = false): Promise<string> {
  const id = randomUUID();
  await tx.insertInto('incidents').values({ id, arranged }).execute();
  return id;
}

type Row = Pick<Selectable<AlertTable>, 'id' | 'vm_id' | 'side' | 'entities' | 'first_at' | 'last_at'>;
const groupable = ({ id, vm_id, side, entities, first_at, last_at }: Row) => ({
  ...{ id, side, entities, vmId: vm_id },
  ...{ firstMs: first_at.getTime(), lastMs: last_at.getTime() },
});

async function alertsLike(tx: Tx, { id, vm_id, entities, first_at, last_at }: Row): Promise<Grouped[]> {
  const rows = await tx
    .selectFrom('alerts')
    .select(['id', 'vm_id', 'side', 'entities', 'first_at', 'last_at', 'incident_id', 'resolution'])
    .where('id', '<>', id)
    .where('incident_id', 'is not', null)
    .where(sql<boolean>`entities && ${entities}::text[]`)
    .where('last_at', '>=', new Date(first_at.getTime() - INCIDENT_WINDOW_MS))
    .where('first_at', '<=', new Date(last_at.getTime() + INCIDENT_WINDOW_MS))
    .orderBy(sql`vm_id = ${vm_id}`, 'desc')
    .orderBy('last_at', 'desc')
    .orderBy('id')
    .limit(MAX_LOOKED_AT)
    .execute();
  return rows.map((row) => ({
    ...groupable(row),
    incidentId: row.incident_id!,
    binds: row.resolution === null || row.resolution === 'true',
  }));
}

async function openIncidents(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, OpenIncident>> {
  const { rows } = await sql<Omit<OpenIncident, 'createdMs'> & { createdAt: Date }>`
    select i.id, i.created_at as "createdAt", i.arranged as "isArranged", count(*) as alerts,
      array_agg(distinct a.vm_id::text) as "vmIds",
      coalesce(array_agg(distinct a.assignee) filter (where a.state <> 'closed' and a.assignee is not null), '{}') as assignees
    from incidents as i join alerts as a on a.incident_id = i.id
    where i.id = any(${[...ids]}::uuid[]) group by i.id having bool_or(a.state <> 'closed')`.execute(tx);
  return new Map(rows.map(({ createdAt, ...rest }) => [rest.id, { ...rest, createdMs: createdAt.getTime() }]));
}
