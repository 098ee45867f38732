import { randomUUID } from 'node:crypto';
import type { ObservedVm } from '@hypervigil/contract';
import { Name } from '@hypervigil/model';
import type { Work } from '../state/work.ts';
import type { Claims } from './merge.ts';

export interface ClaimSettings {
  readonly adoptClaims: boolean;
  readonly createFromClaims: boolean;
}

/** Looks up (and, where that is allowed, creates) the tenants and networks that these VMs claim. */
export async function resolveClaims(
  work: Work,
  observed: readonly ObservedVm[],
  settings: ClaimSettings,
): Promise<Claims | null> {
  if (!settings.adoptClaims) return null;
  const tenantNames = valid(observed.map((vm) => vm.claims.tenant));
  const networkNames = valid(observed.flatMap((vm) => vm.vnics.map((vnic) => vnic.claims.network)));
  const tenants = await idsOf(work, 'tenants', tenantNames);
  const networks = await idsOf(work, 'networks', networkNames);
  if (settings.createFromClaims) {
    for (const name of tenantNames) if (!tenants.has(name)) tenants.set(name, await createTenant(work, name));
    for (const name of networkNames) if (!networks.has(name)) networks.set(name, await createNetwork(work, name));
  }
  return { tenant: (name) => tenants.get(name) ?? null, network: (name) => networks.get(name) ?? null };
}

/** A name that nobody could have typed is no claim. */
function valid(names: readonly (string | null)[]): string[] {
  return [...new Set(names)].filter((name) => name !== null && Name.safeParse(name).data === name) as string[];
}

async function idsOf({ tx }: Work, table: 'tenants' | 'networks', names: string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const rows = await tx.selectFrom(table).select(['id', 'name']).where('name', 'in', names).execute();
  return new Map(rows.map((row) => [row.name, row.id]));
}

async function createTenant({ tx, audit, changed }: Work, name: string): Promise<string> {
  const id = randomUUID();
  await tx.insertInto('tenants').values({ id, name, description: '', intra_tenant: 'allow' }).execute();
  audit({ action: 'tenant.created', subject: `tenant:${id}`, params: { name, from: 'claim' } });
  changed('tenants', id);
  return id;
}

async function createNetwork({ tx, audit, changed }: Work, name: string): Promise<string> {
  const id = randomUUID();
  await tx.insertInto('networks').values({ id, name, vlan: null, cidrs: [], tenant_id: null }).execute();
  audit({ action: 'network.created', subject: `network:${id}`, params: { name, from: 'claim' } });
  changed('networks', id);
  return id;
}
