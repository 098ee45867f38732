import type { Policy } from '@hypervigil/model';
import {
  type CloudAddressSet,
  type CloudGroup,
  type CloudNetwork,
  type CloudState,
  type CloudTenant,
  type CloudVm,
  cloudGroup,
} from '@hypervigil/policy';
import { sql } from 'kysely';
import { loadLimits } from '../limits/limits.ts';
import { findGroups } from '../policy/group-rows.ts';
import { loadNamedServices } from '../policy/named-services.ts';
import { publishedPolicies, publishedRevision } from '../policy/published.ts';
import { loadSchedules } from '../policy/schedules.ts';
import type { Database } from '../state/database.ts';

/** All of the cloud that verdicts and flow records depend on. */
export interface Cloud extends CloudState {
  readonly policies: readonly Policy[];
  readonly policyRevision: number;
}

export async function loadCloud(db: Database): Promise<Cloud> {
  const [tenants, networks, vms, groups, addressSets, schedules, namedServices, limits, published] = await Promise.all([
    loadTenants(db),
    loadNetworks(db),
    loadVms(db),
    loadGroups(db),
    loadAddressSets(db),
    loadSchedules(db),
    loadNamedServices(db),
    loadLimits(db),
    loadPublished(db),
  ]);
  return { tenants, networks, vms, groups, addressSets, schedules, namedServices, limits, ...published };
}

export async function loadPublished(db: Database): Promise<{ policies: Policy[]; policyRevision: number }> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => ({
      policies: await publishedPolicies(tx),
      policyRevision: await publishedRevision(tx),
    }));
}

const among = (ids: readonly string[] | undefined) => sql<boolean>`id = any(${ids}::uuid[])`;

export function loadTenants(db: Database, ids?: readonly string[]): Promise<CloudTenant[]> {
  return db
    .selectFrom('tenants')
    .select(['id', 'num', 'intra_tenant as intraTenant'])
    .$if(ids !== undefined, (b) => b.where(among(ids)))
    .execute();
}

export function loadNetworks(db: Database, ids?: readonly string[]): Promise<CloudNetwork[]> {
  return db
    .selectFrom('networks')
    .select(['id', 'num', 'vlan', 'tenant_id as tenantId'])
    .$if(ids !== undefined, (b) => b.where(among(ids)))
    .execute();
}

export async function loadGroups(db: Database, ids?: readonly string[]): Promise<CloudGroup[]> {
  return (await findGroups(db, ids)).map(cloudGroup);
}

/** As JSON: what reads a hundred thousand of them from PostgreSQL's own text of arrays takes ten times as long. */
export const ENTRIES = (['entries', 'excluded'] as const).map((name) =>
  sql<string[]>`to_json(${sql.ref(`address_set_entries.${name}`)})`.as(name),
);

export function loadAddressSets(db: Database, ids?: readonly string[]): Promise<CloudAddressSet[]> {
  return db
    .selectFrom('address_sets')
    .innerJoin('address_set_entries', 'set_id', 'id')
    .select(['id', 'num'])
    .select(ENTRIES)
    .$if(ids !== undefined, (b) => b.where(among(ids)))
    .execute();
}

const vnics = sql<CloudVm['vnics']>`coalesce((select json_agg(json_build_object('id', vnics.id, 'num', vnics.num,
  'networkId', vnics.network_id, 'mac', vnics.mac, 'ipv4', vnics.ipv4, 'ipv6', vnics.ipv6) order by vnics.num)
  from vnics where vnics.vm_id = vms.id), '[]')`;

/** VMs that are gone have no say in anything. Those that are off have: they may start at any moment. */
export function loadVms(db: Database, ids?: readonly string[]): Promise<CloudVm[]> {
  return db
    .selectFrom('vms')
    .select(['id', 'tenant_id as tenantId', 'tags', vnics.as('vnics')])
    .select((e) => e('quarantined_at', 'is not', null).$castTo<boolean>().as('quarantined'))
    .where('state', '!=', 'gone')
    .$if(ids !== undefined, (b) => b.where(among(ids)))
    .execute();
}
