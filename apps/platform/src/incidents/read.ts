import type { IncidentDetail } from '@hypervigil/contract';
import { graphOf, incidentOf } from '@hypervigil/detect';
import type { IncidentEntity, IncidentTie } from '@hypervigil/model';
import { sql } from 'kysely';
import { toAlert } from '../detect/rows.ts';
import { notFound } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { timelineOf } from './timeline.ts';
import type { Viewer } from './viewer.ts';

/** The id of what an incident is part of by now. */
export async function presentIncident(db: Database | Tx, id: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('incidents')
    .select(sql<string>`coalesce(merged_into, id)`.as('present'))
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.present;
}

/** Of the alerts in it those that the reader sees, the oldest first. */
export const membersOf = (db: Database | Tx, id: string, { visible }: Pick<Viewer, 'visible'>) =>
  db
    .selectFrom('alerts')
    .selectAll()
    .where('incident_id', '=', id)
    .where(visible)
    .orderBy('first_at')
    .orderBy('id')
    .execute();

/** @throws ApiFailure `not-found`, also of one without an alert that the reader may see */
export async function getIncident(db: Database, asked: string, viewer: Viewer): Promise<IncidentDetail> {
  const id = (await presentIncident(db, asked)) ?? asked;
  const rows = await membersOf(db, id, viewer);
  const alerts = rows.map((row) => viewer.cut(toAlert(row)));
  const [first, ...rest] = alerts;
  if (first === undefined) throw notFound('incident', asked);
  const seen = new Set(alerts.map((alert) => alert.id));
  const tiesOf = (ties: readonly IncidentTie[]) =>
    ties.flatMap(({ alertId, entity }) => {
      const cut = seen.has(alertId) ? cutEntity(entity, viewer) : undefined;
      return cut === undefined ? [] : [{ alertId, entity: cut }];
    });
  return {
    ...incidentOf(id, [first, ...rest]),
    members: rows.map((row, i) => ({ alert: alerts[i]!, ties: tiesOf(row.ties), placedBy: row.placed_by })),
    graph: graphOf(alerts),
    timeline: await timelineOf(db, rows, viewer),
  };
}

/** Of VMs that are not the tenant's, an address, as alerts tell them. */
function cutEntity(entity: IncidentEntity, { tenantId }: Viewer): IncidentEntity | undefined {
  if (tenantId === null || entity.kind !== 'vm' || entity.tenantId === tenantId) return entity;
  return entity.ip === null ? undefined : { kind: 'address', ip: entity.ip };
}
