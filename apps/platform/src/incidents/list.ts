import { incidentOf, type Summarised, TACTICS_THAT_RAISE } from '@hypervigil/detect';
import {
  ALERT_STATES,
  ALERT_TACTICS,
  type AlertCode,
  type AlertState,
  type Incident,
  SEVERITIES,
  type Severity,
} from '@hypervigil/model';
import { type SelectQueryBuilder, sql } from 'kysely';
import type { Database } from '../state/database.ts';
import { contains, type ListInput, type ListOf, listNewest } from '../state/paging.ts';
import type { Tables } from '../state/tables.ts';
import type { Viewer } from './viewer.ts';

interface IncidentFilter extends ListInput {
  readonly state?: AlertState | undefined;
  readonly severity?: Severity | undefined;
  readonly code?: AlertCode | undefined;
  readonly vmId?: string | undefined;
}

/**
 * What `incidentOf` says of the state and the severity of an incident, for the database to choose by; a test holds the two against each
 * other. Both see the alerts that the reader sees.
 */
const STATE = sql`coalesce((${[...ALERT_STATES]}::text[])[max(array_position(${[...ALERT_STATES]}::text[], state))
  filter (where state <> 'closed')], 'closed')`;
const RANK = sql`array_position(${[...SEVERITIES]}::text[], severity)`;
const REAL = sql`resolution is null or resolution = 'true'`;
const SEVERITY = sql`(${[...SEVERITIES]}::text[])[greatest(1, coalesce(min(${RANK}) filter (where ${REAL}), min(${RANK}))
  - (count(distinct ${JSON.stringify(ALERT_TACTICS)}::jsonb ->> code) filter (where (${REAL}) and severity <> 'low') >= ${TACTICS_THAT_RAISE})::int)]`;

export async function listIncidents(
  db: Database,
  filter: IncidentFilter,
  { visible }: Viewer,
): Promise<ListOf<Incident>> {
  const { state, severity, code, vmId, q } = filter;
  const seen = db
    .selectFrom('alerts')
    .where(visible)
    .where('incident_id', 'is not', null)
    .groupBy('incident_id')
    // When it began for this reader: of what was before, not even the time is told.
    .select([sql<string>`incident_id`.as('id'), sql<Date>`min(created_at)`.as('created_at')])
    .$if(state !== undefined, (b) => b.having(sql<boolean>`${STATE} = ${state}`))
    .$if(severity !== undefined, (b) => b.having(sql<boolean>`${SEVERITY} = ${severity}`))
    .$if(code !== undefined, (b) => b.having(sql<boolean>`bool_or(code = ${code})`))
    .$if(vmId !== undefined, (b) => b.having(sql<boolean>`bool_or(vm_id = ${vmId}::uuid)`))
    .$if(q !== undefined, (b) =>
      b.having(sql<boolean>`bool_or(vm_name ilike ${contains(q!)} or code ilike ${contains(q!)})`),
    );
  const found = db.selectFrom(seen.as('seen')).selectAll() as unknown as SelectQueryBuilder<
    Tables,
    'incidents',
    { id: string; created_at: Date }
  >;
  const page = await listNewest(found, filter, ({ id }) => id);
  const known = await summaries(db, page.items, visible);
  return { ...page, items: page.items.flatMap((id) => known.get(id) ?? []) };
}

async function summaries(
  db: Database,
  ids: readonly string[],
  visible: Viewer['visible'],
): Promise<ReadonlyMap<string, Incident>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('alerts')
    .select(['incident_id', 'code', 'severity', 'resolution', 'state', 'assignee', 'vm_id', 'vm_name', 'tenant_id'])
    .select(['first_at', 'last_at', 'created_at'])
    .where('incident_id', 'in', ids)
    .where(visible)
    .orderBy('first_at')
    .orderBy('id')
    .execute();
  const summarised = rows.map((row) => ({
    incidentId: row.incident_id!,
    ...{ code: row.code, severity: row.severity, resolution: row.resolution, state: row.state, assignee: row.assignee },
    ...{ vmId: row.vm_id, vmName: row.vm_name, tenantId: row.tenant_id },
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    createdAt: row.created_at.toISOString(),
  }));
  const incidents = [...Map.groupBy(summarised, ({ incidentId }) => incidentId)];
  return new Map(incidents.map(([id, [first, ...rest]]) => [id, incidentOf(id, [first as Summarised, ...rest])]));
}
