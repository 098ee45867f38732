import { randomUUID } from 'node:crypto';
import { type Detection, entitiesOf, entityKey } from '@hypervigil/detect';
import { ALERT_TECHNIQUES, type Id, SEVERITIES, type Severity } from '@hypervigil/model';
import { sql } from 'kysely';
import { placeInIncident } from '../incidents/place.ts';
import { tell } from '../notification/outbox.ts';
import { queueForPlaybooks } from '../playbooks/queue.ts';
import type { Database, Tx } from '../state/database.ts';
import { lock, PLATFORM, transact } from '../state/work.ts';
import { isExpected } from './exceptions.ts';
import { countSwallowed } from './settings.ts';

export interface DetectionOfVm extends Detection {
  readonly vmId: string;
  /** The setting of detectors by which it is not told. */
  readonly offBy?: Id | undefined;
}

/** So many alerts of one code about one VM can be open; what is more goes into one of them. */
const MAX_OPEN = 20;
const OTHERS = 'others';
/** Closed ones are kept so long. */
const KEPT_DAYS = 180;

/**
 * Detections become alerts, each in its incident, but for those that are expected or not to be told; what is seen of an alert that is open counts it up. VMs that
 * are gone have none.
 */
export async function raise(db: Database, detections: readonly DetectionOfVm[]): Promise<void> {
  if (detections.length === 0) return;
  await transact(db, PLATFORM, async (work) => {
    const { tx, audit, changed } = work;
    // Before any row: two processes that raise alerts which belong together must know of each other's.
    await lock(tx, 'incidents');
    for (const detection of detections) {
      if (detection.offBy !== undefined) {
        await countSwallowed(work, detection.offBy);
        continue;
      }
      if (await isExpected(tx, detection)) {
        changed('alerts');
        continue;
      }
      const raised = await raiseOne(tx, detection);
      if (raised === undefined) continue;
      if (raised.incidentId === null) await placeInIncident(tx, raised.id);
      changed('alerts');
      if (raised.isNew) await tell(work, raised.id, 'raised');
      else if (raised.isWorse) await tell(work, raised.id, 'worsened');
      if (raised.isNew || raised.isWorse) await queueForPlaybooks(work, raised.id);
      if (raised.isNew)
        audit({
          action: 'alert.raised',
          subject: `alert:${raised.id}`,
          params: { alert: detection.code, vmId: detection.vmId, severity: detection.severity },
        });
    }
  });
}

async function raiseOne(tx: Tx, detection: DetectionOfVm) {
  const { vmId, code, severity, reason, side, expected, seen, peers, flowKeys, startMs, endMs } = detection;
  const [firstAt, lastAt] = [new Date(startMs), new Date(endMs)];
  const rank = (column: string) => sql`array_position(${[...SEVERITIES]}::text[], ${sql.ref(column)})`;
  /** What is said and why it is so severe belong together: of what goes on, the worst stays, and of equals the last. */
  const isAsBad = sql`${rank('excluded.severity')} <= ${rank('a.severity')}`;
  const worst = (column: string) =>
    sql`${sql.ref(column)} = case when ${isAsBad} then ${sql.ref(`excluded.${column}`)} else ${sql.ref(`a.${column}`)} end`;
  const told = ['severity', 'reason', 'expected', 'seen', 'peers', 'flow_keys', 'entities'].map(worst);
  const { about, before } = await openLike(tx, detection);
  const entities = entitiesOf({ code, vmId, tenantId: null, peers: [...peers], seen }).map(entityKey);
  const { rows } = await sql<{ id: string; isNew: boolean; severity: Severity; incidentId: string | null }>`
    insert into alerts as a (id, code, about, severity, reason, vm_id, vm_name, tenant_id, side, technique,
      expected, seen, peers, flow_keys, first_at, last_at, entities)
    select ${randomUUID()}::uuid, ${code}, ${about}, ${severity}, ${reason}, id, name, tenant_id, ${side},
      ${ALERT_TECHNIQUES[code]}, ${JSON.stringify(expected)}::jsonb, ${JSON.stringify(seen)}::jsonb,
      ${JSON.stringify(peers)}::jsonb, ${[...flowKeys]}::text[], ${firstAt}::timestamptz, ${lastAt}::timestamptz,
      ${entities}::text[]
    from vms where id = ${vmId}::uuid
    on conflict (vm_id, code, about) where state <> 'closed' do update set
      ${sql.join(told)},
      count = least(a.count, 2147483646) + 1,
      first_at = least(a.first_at, excluded.first_at), last_at = greatest(a.last_at, excluded.last_at)
    returning id, severity, incident_id as "incidentId", (xmax = 0) as "isNew"`.execute(tx);
  return rows[0] && { ...rows[0], isWorse: before !== undefined && before !== rows[0].severity };
}

/** About what the alert is, and how severe the one is that is open: a VM that knocks everywhere must not fill the table. */
async function openLike(tx: Tx, { vmId, code, about }: DetectionOfVm) {
  const open = await tx
    .selectFrom('alerts')
    .select(['about', 'severity'])
    .where('vm_id', '=', vmId)
    .where('code', '=', code)
    .where('state', '<>', 'closed')
    .orderBy('id')
    .forUpdate()
    .execute();
  const like = (name: string) => open.find((one) => one.about === name);
  const name = open.length < MAX_OPEN || like(about) !== undefined ? about : OTHERS;
  return { about: name, before: like(name)?.severity };
}

/** Of those that were closed, and of exceptions and responses that ended, long ago; of incidents, with the last of their alerts. */
export async function forgetOldAlerts(db: Database): Promise<void> {
  await db
    .deleteFrom('alert_exceptions')
    .where(sql<boolean>`expires_at < now() - make_interval(days => ${KEPT_DAYS})`)
    .execute();
  await db
    .deleteFrom('alerts')
    .where('state', '=', 'closed')
    .where(sql<boolean>`last_at < now() - make_interval(days => ${KEPT_DAYS})`)
    .execute();
  await db
    .deleteFrom('alert_responses')
    .where(sql<boolean>`ended_at < now() - make_interval(days => ${KEPT_DAYS})`)
    .execute();
  await db
    .deleteFrom('incidents')
    .where('merged_into', 'is', null)
    .where(sql<boolean>`not exists (select from alerts where incident_id = incidents.id)`)
    .execute();
}
