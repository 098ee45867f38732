import type { FieldMistake, Policy } from '@hypervigil/model';
import { checkPolicies, type PolicySet } from '@hypervigil/policy';
import { ApiFailure } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { inOrder, toPolicy } from './draft.ts';
import { findGroups } from './group-rows.ts';

async function draftPolicies(db: Database | Tx): Promise<Policy[]> {
  const rows = await db.selectFrom('draft_policies').selectAll().where('removed', '=', false).execute();
  return rows.map(toPolicy).sort(inOrder);
}

/** What is wrong with policies, each with the policy's id; fields as within the policy. */
async function mistakesByPolicy(
  db: Database | Tx,
  policies: PolicySet['policies'],
): Promise<{ policyId: string; mistake: FieldMistake }[]> {
  const tenants = await db.selectFrom('tenants').select(['id', 'num', 'intra_tenant as intraTenant']).execute();
  const addressSets = await db.selectFrom('address_sets').select(['id', 'tenant_id as tenantId']).execute();
  const mistakes = checkPolicies({
    policies,
    groups: await findGroups(db),
    tenants,
    addressSets,
    schedules: await db.selectFrom('schedules').select('id').execute(),
    mirrors: await db.selectFrom('mirrors').select(['id', 'tenant_id as tenantId']).execute(),
    namedServices: await db.selectFrom('named_services').select('id').execute(),
  });
  return mistakes.map((mistake) => {
    const [, index, ...field] = mistake.field.split('.');
    return { policyId: policies[Number(index)]!.id, mistake: { ...mistake, field: field.join('.') } };
  });
}

/** The mistakes of policies that would be published, the whole draft if none are named; `field` begins with the policy's id. */
export async function draftMistakes(db: Database | Tx, policies?: readonly Policy[]): Promise<FieldMistake[]> {
  const found = await mistakesByPolicy(db, policies ?? (await draftPolicies(db)));
  return found.map(({ policyId, mistake }) => ({ ...mistake, field: `${policyId}.${mistake.field}` }));
}

/**
 * By the fields of the policy; of the others only the names count.
 * @throws ApiFailure `invalid-request`
 */
export async function requireNoMistakes(tx: Tx, policy: PolicySet['policies'][number]): Promise<void> {
  const others = await tx
    .selectFrom('draft_policies')
    .select(['id', 'name', 'tier', 'order', 'enabled', 'tenant_id as tenantId'])
    .where('removed', '=', false)
    .where('id', '!=', policy.id)
    .execute();
  const mistakes = (await mistakesByPolicy(tx, [...others.map((one) => ({ ...one, rules: [] })), policy]))
    .filter((one) => one.policyId === policy.id)
    .map((one) => one.mistake);
  if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
}
