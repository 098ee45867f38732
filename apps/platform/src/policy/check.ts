import type { Problem } from '@hypervigil/model';
import { checkPolicies } from '@hypervigil/policy';
import { ApiFailure } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { inOrder, toPolicy } from './draft.ts';
import { findGroups } from './groups.ts';

/** What is wrong with the draft, each with the policy's id; fields as within the policy. */
async function problemsByPolicy(db: Database | Tx): Promise<{ policyId: string; index: number; problem: Problem }[]> {
  const rows = await db.selectFrom('draft_policies').selectAll().where('removed', '=', false).execute();
  const policies = rows.map(toPolicy).sort(inOrder);
  const tenants = await db.selectFrom('tenants').select(['id', 'num', 'intra_tenant as intraTenant']).execute();
  const problems = checkPolicies({ policies, groups: await findGroups(db), tenants });
  return problems.map((problem) => {
    const [, index = '0', ...field] = problem.field.split('.');
    return {
      policyId: policies[Number(index)]!.id,
      index: Number(index),
      problem: { ...problem, field: field.join('.') },
    };
  });
}

/** The problems of the whole draft; `field` begins with the id of the policy. */
export async function draftProblems(db: Database | Tx): Promise<Problem[]> {
  const found = await problemsByPolicy(db);
  return found.map(({ policyId, problem }) => ({ ...problem, field: `${policyId}.${problem.field}` }));
}

/** @throws ApiFailure `invalid-request` with this policy's problems, by the fields of its request */
export async function requireNoProblems(tx: Tx, policyId: string): Promise<void> {
  const problems = (await problemsByPolicy(tx)).filter((one) => one.policyId === policyId).map((one) => one.problem);
  const [first] = problems;
  if (first === undefined) return;
  throw new ApiFailure('invalid-request', `The policy has a mistake: ${first.field}: ${first.message}`, {
    problems: problems.slice(0, 50),
  });
}
