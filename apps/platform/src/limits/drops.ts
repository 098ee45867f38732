import type { LimitDrops, NetworkLimitDrops, RuleLimitDrops } from '@hypervigil/contract';
import {
  LIMIT_KINDS,
  type LimitKind,
  type LimitReading,
  NETWORK_LIMIT_KINDS,
  type NetworkLimitKind,
  RULE_LIMIT_KINDS,
  type RuleLimitKind,
} from '@hypervigil/model';
import { networkLimit } from '@hypervigil/policy';
import { sql } from 'kysely';
import { readDraft } from '../policy/draft.ts';
import { publishedPolicies } from '../policy/published.ts';
import { namedRules } from '../recorded/names.ts';
import type { Database } from '../state/database.ts';
import { type Actor, transact } from '../state/work.ts';
import { loadLimits } from './limits.ts';

/** Hosts tell what was dropped every five seconds; so long without, and it has ended. */
const PAUSE_SECONDS = 30;
/** What was dropped before is forgotten after so long. */
const KEPT_DAYS = 7;

/** Takes in what limits have dropped on a host since it last said so. */
export function reportDrops(
  db: Database,
  actor: Actor,
  hostId: string,
  readings: readonly LimitReading[],
): Promise<void> {
  return transact(db, actor, async ({ tx, changed }) => {
    const rows = JSON.stringify(readings);
    await sql`insert into limit_drops as d (host_id, num, kind, dropped_packets, dropped_bytes, since, last_at)
      select ${hostId}::uuid, num, kind, sum("droppedPackets"), sum("droppedBytes"), now(), now()
      from jsonb_to_recordset(${rows}::jsonb) as r (num bigint, kind text, "droppedPackets" bigint, "droppedBytes" bigint)
      group by num, kind
      on conflict (host_id, num, kind) do update set
        dropped_packets = d.dropped_packets + excluded.dropped_packets,
        dropped_bytes = d.dropped_bytes + excluded.dropped_bytes,
        since = case when d.last_at < now() - make_interval(secs => ${PAUSE_SECONDS}) then now() else d.since end,
        last_at = now()`.execute(tx);
    changed('limits');
  });
}

const goesOn = sql<boolean>`last_at >= now() - make_interval(secs => ${PAUSE_SECONDS})`;

/** What was dropped, in which limit's name is another question. */
export type CountedDrops = Omit<LimitDrops, 'limitId'>;

/** The latest first. */
export async function findDrops(db: Database, vmId?: string): Promise<CountedDrops[]> {
  const rows = await db
    .selectFrom('limit_drops')
    .innerJoin('vnics', 'vnics.num', 'limit_drops.num')
    .innerJoin('vms', 'vms.id', 'vnics.vm_id')
    .innerJoin('hosts', 'hosts.id', 'limit_drops.host_id')
    .select(['vms.id as vmId', 'vms.name as vmName', 'vnics.id as vnicId', 'hosts.id as hostId'])
    .where('kind', 'in', LIMIT_KINDS)
    .select(['hosts.name as hostName', 'since', 'last_at'])
    .select((b) => b.ref('kind').$castTo<LimitKind>().as('kind'))
    .select(['dropped_packets as droppedPackets', 'dropped_bytes as droppedBytes'])
    .select(goesOn.as('goesOn'))
    .$if(vmId !== undefined, (b) => b.where('vms.id', '=', vmId!))
    .orderBy('last_at', 'desc')
    .orderBy('dropped_packets', 'desc')
    .limit(1000)
    .execute();
  return rows.map(({ since, last_at, ...row }) => ({
    ...row,
    since: since.toISOString(),
    lastAt: last_at.toISOString(),
  }));
}

/** Of rules, on all hosts together; the latest first. Rules that are neither published nor in the draft are gone. */
export async function listRuleDrops(db: Database): Promise<RuleLimitDrops[]> {
  const rows = await db
    .selectFrom('limit_drops')
    .where('kind', 'in', RULE_LIMIT_KINDS)
    .groupBy(['num', 'kind'])
    .select('num')
    .select((b) => b.ref('kind').$castTo<RuleLimitKind>().as('kind'))
    .select(sql<number>`sum(dropped_packets)::bigint`.as('droppedPackets'))
    .select(sql<number>`sum(dropped_bytes)::bigint`.as('droppedBytes'))
    .select(sql<number>`count(*)::integer`.as('hosts'))
    .select(sql<boolean>`bool_or(${goesOn})`.as('goesOn'))
    .select(sql<Date>`max(last_at)`.as('lastAt'))
    .orderBy('lastAt', 'desc')
    .limit(1000)
    .execute();
  if (rows.length === 0) return [];
  const rules = namedRules([...(await publishedPolicies(db)), ...(await readDraft(db))]);
  return rows.flatMap(({ num, lastAt, ...row }) => {
    const rule = rules.get(num);
    return rule ? [{ rule, ...row, lastAt: lastAt.toISOString() }] : [];
  });
}

/** Of networks that had as many connections as they may; the latest first. */
export async function listNetworkDrops(db: Database): Promise<NetworkLimitDrops[]> {
  const rows = await db
    .selectFrom('limit_drops')
    .innerJoin('networks', 'networks.num', 'limit_drops.num')
    .innerJoin('hosts', 'hosts.id', 'limit_drops.host_id')
    .where('kind', 'in', NETWORK_LIMIT_KINDS)
    .select(['networks.id as networkId', 'networks.name as networkName', 'networks.tenant_id as tenantId'])
    .select(['hosts.id as hostId', 'hosts.name as hostName', 'since', 'last_at'])
    .select((b) => b.ref('kind').$castTo<NetworkLimitKind>().as('kind'))
    .select(['dropped_packets as droppedPackets', 'dropped_bytes as droppedBytes'])
    .select(goesOn.as('goesOn'))
    .orderBy('last_at', 'desc')
    .orderBy('dropped_packets', 'desc')
    .limit(1000)
    .execute();
  const limits = rows.length === 0 ? [] : await loadLimits(db);
  return rows.map(({ since, last_at, tenantId, ...row }) => ({
    ...row,
    limitId: networkLimit(limits, { id: row.networkId, tenantId })?.id ?? null,
    since: since.toISOString(),
    lastAt: last_at.toISOString(),
  }));
}

/** Of hosts that no longer tell, and of vNICs, rules and networks that are gone. */
export async function forgetOldDrops(db: Database): Promise<void> {
  await db
    .deleteFrom('limit_drops')
    .where(sql<boolean>`last_at < now() - make_interval(days => ${KEPT_DAYS})`)
    .execute();
}
