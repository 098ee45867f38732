import type { FlowHealth } from '@hypervigil/contract';
import type { FlowStore } from '@hypervigil/flowstore';
import { type FlowGatewayHealth, type FlowHostHealth, flowTroubles, type HealthItem } from '@hypervigil/model';
import { sql } from 'kysely';
import { listGateways } from '../gateways/gateways.ts';
import type { Database } from '../state/database.ts';
import { asking } from './asking.ts';

/** What is kept of flows at most. */
export interface FlowLimits {
  readonly hours: number;
  readonly maxBytes: number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const MAX_VMS = 100;
const MAX_GATEWAYS = 1_000;

/** Where flows are lost, late or missing: what hosts, gateways and the store themselves tell, side by side. */
export async function flowHealth(db: Database, store: FlowStore, limits: FlowLimits): Promise<FlowHealth> {
  const nowMs = Date.now();
  const lastHour = { fromMs: nowMs - HOUR_MS, toMs: nowMs + 1_000 };
  const [hosts, gateways, silentVms, minutes, stats] = await Promise.all([
    hostsHealth(db, nowMs),
    gatewaysHealth(db, store, lastHour),
    silent(db, store, lastHour),
    minutesOf(db, nowMs),
    asking(() => store.stats()),
  ]);
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const { rows, bytes, movedAside } = stats;
  const kept = { oldestAt: iso(stats.oldestMs), newestAt: iso(stats.newestMs), keptHours: limits.hours };
  return {
    hosts,
    gateways,
    silentVms,
    minutes,
    store: { rows, bytes, movedAside, ...kept, maxBytes: limits.maxBytes },
  };
}

const IN_HOUR = sql`filter (where at >= now() - interval '1 hour')`;

async function hostsHealth(db: Database, nowMs: number): Promise<FlowHostHealth[]> {
  const { rows } = await sql<{
    id: string;
    name: string;
    online: boolean;
    health: HealthItem[];
    policed: number;
    last_at: Date | null;
    lag_ms: number | null;
    records: number;
    names: number;
    lost: number;
    repeated: number;
    unjudged: number;
  }>`select id, name, channel_id is not null as online, health, arrived.*,
      (select count(distinct vms.id) from vms join vnics on vnics.vm_id = vms.id
        where vms.host_id = hosts.id and vms.state = 'running' and vnics.enforced) as policed
    from hosts cross join lateral (
      select max(last_at) as last_at,
        (max(lag_ms) filter (where at >= now() - interval '5 minutes'))::bigint as lag_ms,
        coalesce(sum(records) ${IN_HOUR}, 0)::bigint as records, coalesce(sum(names) ${IN_HOUR}, 0)::bigint as names,
        coalesce(sum(lost) ${IN_HOUR}, 0)::bigint as lost, coalesce(sum(repeated) ${IN_HOUR}, 0)::bigint as repeated,
        coalesce(sum(unjudged) ${IN_HOUR}, 0)::bigint as unjudged
      from flow_arrivals where host_id = hosts.id) as arrived
    where not revoked order by name`.execute(db);
  return rows.map(({ id, name, online, health, policed, last_at, lag_ms, ...counts }) => {
    const arrivals = { ...counts, lastBatchAt: last_at?.toISOString() ?? null, lagMs: lag_ms };
    const percent = health.find((item) => item.name === 'spool')?.params['percent'];
    return {
      ...{ hostId: id, hostName: name, online, ...arrivals },
      spoolPercent: typeof percent === 'number' ? percent : null,
      troubles: flowTroubles({ ...arrivals, online, health, policed }, nowMs),
    };
  });
}

interface Hour {
  readonly fromMs: number;
  readonly toMs: number;
}

async function gatewaysHealth(db: Database, store: FlowStore, hour: Hour): Promise<FlowGatewayHealth[]> {
  const { items } = await listGateways(db);
  if (items.length === 0) return [];
  const { groups } = await asking(() => store.top(hour, ['gateway'], 'flows', MAX_GATEWAYS));
  const told = new Map(groups.map(({ values, flows }) => [values[0], flows]));
  // Groups are by the first gateway of a chain: of the others, each is asked for.
  const flowsOf = async (id: string): Promise<number> =>
    told.get(id) ?? (await asking(() => store.query({ ...hour, gatewayId: id }, { limit: 1 }))).total;
  const found: FlowGatewayHealth[] = [];
  for (const { id, num, groupName, hostId, hostName, report, retired } of items) {
    const [flows, connections, phase] = [await flowsOf(id), report?.connections ?? null, report?.phase ?? null];
    const silent = phase === 'up' && !retired && (connections ?? 0) > 0 && flows === 0;
    found.push({ gatewayId: id, num, groupName, hostId, hostName, phase, connections, flows, silent });
  }
  return found;
}

/** VMs that should be in flows and are in none. */
async function silent(db: Database, store: FlowStore, hour: Hour): Promise<FlowHealth['silentVms']> {
  const seen = new Set(await asking(() => store.vmsSeen(hour)));
  const running = await db
    .selectFrom('vms')
    .select(['id as vmId', 'name', 'host_id as hostId', 'tenant_id as tenantId'])
    .where('state', '=', 'running')
    .where('first_seen_at', '<', new Date(hour.fromMs))
    .where(sql<boolean>`exists (select from vnics where vm_id = vms.id and enforced)`)
    .orderBy('name')
    .execute();
  const items = running.filter(({ vmId }) => !seen.has(vmId));
  return { items: items.slice(0, MAX_VMS), total: items.length };
}

async function minutesOf(db: Database, nowMs: number): Promise<FlowHealth['minutes']> {
  const last = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const { rows } = await sql<{ at: Date; records: number; lost: number; unjudged: number }>`select at,
      sum(records)::bigint as records, sum(lost)::bigint as lost, sum(unjudged)::bigint as unjudged
    from flow_arrivals where at > now() - interval '61 minutes' group by at`.execute(db);
  const known = new Map(rows.map(({ at, ...counts }) => [at.getTime(), counts]));
  return Array.from({ length: 60 }, (_, n) => {
    const atMs = last - (59 - n) * MINUTE_MS;
    return { at: new Date(atMs).toISOString(), ...(known.get(atMs) ?? { records: 0, lost: 0, unjudged: 0 }) };
  });
}
