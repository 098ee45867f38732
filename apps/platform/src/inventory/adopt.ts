import { sql } from 'kysely';
import type { Work } from '../state/work.ts';
import type { ClaimSettings } from './claims.ts';
import { settle } from './observe.ts';

/**
 * Gives VMs that were seen first the tenant or network that their metadata claims and somebody has named only now. The
 * caller holds the lock `inventory`, taken before it wrote the name.
 */
export async function adoptClaimants(
  work: Work,
  kind: 'tenant' | 'network',
  name: string,
  settings: ClaimSettings,
): Promise<void> {
  if (!settings.adoptClaims) return;
  const claims = {
    tenant: sql<boolean>`observed->'claims'->>'tenant' = ${name}`,
    network: sql<boolean>`exists (select from jsonb_array_elements(observed->'vnics') as vnic
      where vnic->'claims'->>'network' = ${name})`,
  };
  const rows = await work.tx.selectFrom('sightings').select('vm_id').distinct().where(claims[kind]).execute();
  await settle(
    work,
    rows.map((row) => row.vm_id),
    settings,
  );
}
