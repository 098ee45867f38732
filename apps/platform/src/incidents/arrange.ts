import type { IncidentDetail } from '@hypervigil/contract';
import { MAX_INCIDENT_ALERTS, MAX_INCIDENT_VMS } from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure, badField, notFound, unknownId } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { joinIncidents, placedBy } from './join.ts';
import { beginIncident } from './place.ts';
import { getIncident, presentIncident } from './read.ts';
import type { Viewer } from './viewer.ts';

/** Of the provider's people, who see all alerts. */
interface Call {
  readonly actor: Actor;
  readonly viewer: Viewer;
  readonly id: string;
}

/** @throws ApiFailure `not-found`, `incident-full`, `invalid-request` for an incident that is not there, or the same */
export async function mergeIncident(db: Database, call: Call, otherId: string): Promise<IncidentDetail> {
  const { actor, viewer, id } = call;
  await transact(db, actor, async ({ tx, audit, changed }) => {
    await lock(tx, 'incidents');
    const into = await present(tx, id);
    const taken = await presentIncident(tx, otherId);
    if (taken === undefined) throw unknownId('incidentId', 'incident');
    if (taken === into) throw badField('incidentId', { code: 'same-incident', params: {} });
    const of = await countsOf(tx, [taken]);
    const both = await countsOf(tx, [into, taken]);
    if (both.alerts > MAX_INCIDENT_ALERTS || both.vms > MAX_INCIDENT_VMS)
      throw new ApiFailure('incident-full', { alerts: MAX_INCIDENT_ALERTS, vms: MAX_INCIDENT_VMS });
    await joinIncidents(tx, into, [taken], placedBy(actor));
    await arranged(tx, into);
    audit({
      action: 'incident.merged',
      subject: `incident:${into}`,
      params: { incident: taken, alerts: of.alerts },
    });
    changed('alerts');
  });
  return getIncident(db, id, viewer);
}

/** @throws ApiFailure `not-found`, `incident-whole`, `invalid-request` for alerts that are not in it */
export async function splitIncident(
  db: Database,
  { actor, viewer, id }: Call,
  alertIds: readonly string[],
): Promise<IncidentDetail> {
  const begun = await transact(db, actor, async ({ tx, audit, changed }) => {
    await lock(tx, 'incidents');
    const from = await present(tx, id);
    const inIt = await tx.selectFrom('alerts').select('id').where('incident_id', '=', from).execute();
    const known = new Set(inIt.map((alert) => alert.id));
    const wanted = [...new Set(alertIds.map((one) => one.toLowerCase()))];
    const foreign = wanted.findIndex((one) => !known.has(one));
    if (foreign >= 0) throw unknownId(`alertIds.${foreign}`, 'alert');
    if (wanted.length === known.size) throw new ApiFailure('incident-whole', {});
    const begun = await beginIncident(tx, true);
    await tx
      .updateTable('alerts')
      .set({ incident_id: begun, ...placedBy(actor) })
      .where('id', 'in', wanted)
      .execute();
    await arranged(tx, from);
    audit({
      action: 'incident.split',
      subject: `incident:${begun}`,
      params: { incident: from, alerts: wanted.length },
    });
    changed('alerts');
    return begun;
  });
  return getIncident(db, begun, viewer);
}

async function present(tx: Tx, id: string): Promise<string> {
  const found = await presentIncident(tx, id);
  if (found === undefined) throw notFound('incident', id);
  return found;
}

const arranged = (tx: Tx, id: string) =>
  tx.updateTable('incidents').set({ arranged: true }).where('id', '=', id).execute();

const countsOf = (tx: Tx, ids: readonly string[]) =>
  tx
    .selectFrom('alerts')
    .select([sql<number>`count(*)`.as('alerts'), sql<number>`count(distinct vm_id)`.as('vms')])
    .where('incident_id', 'in', ids)
    .executeTakeFirstOrThrow();
