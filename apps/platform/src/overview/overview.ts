import type { Overview } from '@hypervigil/contract';
import type { FlowStore } from '@hypervigil/flowstore';
import { sql } from 'kysely';
import { waitingAlerts } from '../detect/waiting.ts';
import { listGateways } from '../gateways/gateways.ts';
import { findConflicts } from '../inventory/conflicts.ts';
import { protection } from '../inventory/vms.ts';
import { findDrops, listNetworkDrops, listRuleDrops } from '../limits/drops.ts';
import { failingRoutes } from '../notification/deliveries.ts';
import { enforces } from '../policy/publish.ts';
import type { Database } from '../state/database.ts';
import { agedThreatSets } from '../threat-sets/ages.ts';
import { adviceFor } from './advice.ts';

const HOUR_MS = 3_600_000;

export async function getOverview(db: Database, flows: Pick<FlowStore, 'series'>): Promise<Overview> {
  const [
    hosts,
    alerts,
    counts,
    vnics,
    conflicts,
    gateways,
    policy,
    violated,
    threatSets,
    drops,
    ruleDrops,
    networkDrops,
    newlyDenied,
    failing,
    lastHour,
  ] = await Promise.all([
    db.selectFrom('hosts').selectAll().where('revoked', '=', false).orderBy('name').execute(),
    waitingAlerts(db, sql`true`),
    countAll(db),
    countVnics(db),
    findConflicts(db),
    listGateways(db),
    policyState(db),
    violatedAssertions(db),
    agedThreatSets(db),
    findDrops(db),
    listRuleDrops(db),
    listNetworkDrops(db),
    newlyDeniedOf(db),
    failingRoutes(db, sql`tenant_id is null`),
    trafficSince(flows, Date.now() - HOUR_MS),
  ]);
  const hostsEnforcing = hosts.filter((host) => enforces(host, policy.revision)).length;
  return {
    hosts: { total: hosts.length, online: hosts.filter((host) => host.channel_id !== null).length },
    vms: { total: counts.vms, running: counts.running },
    vnics: { total: vnics.total, enforced: vnics.enforced },
    tenants: counts.tenants,
    networks: counts.networks,
    policy: { revision: policy.revision, hostsEnforcing, rules: policy.rules },
    lastHour,
    advice: adviceFor({
      hosts,
      alerts,
      unprotected: vnics.unprotected,
      conflicts,
      gateways: gateways.items,
      draftChanged: policy.draftChanged,
      violated,
      threatSets,
      drops,
      ruleDrops,
      networkDrops,
      newlyDenied,
      failing,
    }),
  };
}

async function countAll(db: Database) {
  const { rows } = await sql<{ vms: number; running: number; tenants: number; networks: number }>`select
    (select count(*) from vms where state <> 'gone') as vms,
    (select count(*) from vms where state in ('running', 'blocked')) as running,
    (select count(*) from tenants) as tenants,
    (select count(*) from networks) as networks`.execute(db);
  return rows[0]!;
}

/** vNICs of VMs that run: one that is off has nothing to be protected from. */
async function countVnics(db: Database) {
  const { rows } = await sql<{ total: number; enforced: number; unprotected: number }>`
    select count(*) as total, count(*) filter (where protection = 'enforced') as enforced,
      count(*) filter (where protection not in ('enforced', 'pending')) as unprotected
    from (select ${protection} as protection from vnics join vms on vms.id = vnics.vm_id) as p
    where protection <> 'off'`.execute(db);
  return rows[0]!;
}

async function violatedAssertions(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('assertions')
    .innerJoin('assertion_states', 'assertion_id', 'id')
    .select('name')
    .where('enabled', '=', true)
    .where('state', '=', 'violated')
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name);
}

/** What the newest revision took from somebody within the last day. */
async function newlyDeniedOf(db: Database) {
  const row = await db
    .selectFrom('revision_observations')
    .innerJoin('policy_state', 'published_revision', 'revision')
    .select(['revision', 'denied_talks as talks', 'denied_vms as vms'])
    .where('last_denied_at', '>', sql<Date>`now() - interval '1 day'`)
    .executeTakeFirst();
  return row ?? null;
}

async function policyState(db: Database) {
  const row = await db
    .selectFrom('policy_state')
    .leftJoin('policy_revisions', 'policy_revisions.revision', 'policy_state.published_revision')
    .select(['published_revision as revision', 'rules', 'published_at'])
    .select(
      sql<boolean>`exists (select from draft_policies where removed) or exists (
        select from draft_policies as d where not exists (
          select from jsonb_array_elements(coalesce(policies, '[]')) as p
          where (p->>'id')::uuid = d.id and (p->>'revision')::int = d.revision))`.as('draftChanged'),
    )
    .executeTakeFirstOrThrow();
  return { revision: row.revision, rules: row.rules ?? 0, draftChanged: row.draftChanged };
}

export async function trafficSince(
  flows: Pick<FlowStore, 'series'>,
  fromMs: number,
  tenantId?: string,
): Promise<Overview['lastHour']> {
  const points = await flows.series({ fromMs, toMs: Date.now() + 1_000, tenantId }, HOUR_MS);
  const sum = (of: (point: (typeof points)[number]) => number) => points.reduce((total, point) => total + of(point), 0);
  return {
    allowed: sum((point) => (point.verdict === 'allow' ? point.flows : 0)),
    denied: sum((point) => (point.verdict === 'deny' ? point.flows : 0)),
    bytes: sum((point) => point.bytes),
  };
}
