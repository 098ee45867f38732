import { type AssertionResult, violationParams } from '@hypervigil/contract';
import type { FieldMistake, Id } from '@hypervigil/model';
import type { Analyst } from '../analysis/analyst.ts';
import { ApiFailure, badField } from '../errors.ts';
import { staleRevision } from '../policy/groups.ts';
import type { Database } from '../state/database.ts';
import { enabledAssertions } from './assertions.ts';

/** What somebody took upon himself: assertions that do not hold, or that could not be checked. */
export interface Overridden {
  readonly reason: string;
  readonly violated: readonly string[];
  readonly unchecked?: string;
}

/**
 * Lets a draft through when every assertion holds of it, or when somebody says why it is published all the same.
 * @throws ApiFailure `assertion-violated` with a packet for each, `analysis-stopped`, `stale-revision`
 */
export async function passGate(
  db: Database,
  analyst: Analyst,
  { draftRevision, override }: { draftRevision: number; override?: string | undefined },
  tenantId: Id | null,
): Promise<Overridden | undefined> {
  // A tenant does not answer for what the provider asserts of the cloud.
  if (tenantId !== null && override !== undefined) throw badField('override', { code: 'unknown-field', params: {} });
  if ((await enabledAssertions(db)).length === 0) return undefined;
  try {
    const { revision, items } = await analyst.run('checkAssertions', {
      of: tenantId === null ? 'draft' : { tenantId },
    });
    if (revision !== draftRevision) throw staleRevision(revision);
    const mistakes = items.flatMap(mistakeOf);
    if (mistakes.length === 0) return undefined;
    // Packets of others are not a tenant's to see.
    const told = tenantId === null ? mistakes : [];
    if (override === undefined)
      throw new ApiFailure('assertion-violated', { count: mistakes.length }, { mistakes: told });
    const violated = items.filter(({ state }) => state === 'violated').map(({ assertion }) => assertion.name);
    return { reason: override, violated };
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.code !== 'analysis-stopped' || override === undefined) throw error;
    return { reason: override, violated: [], unchecked: error.message };
  }
}

function mistakeOf({ assertion, violation }: AssertionResult): FieldMistake[] {
  if (violation === null) return [];
  const code = violation.verdict === 'allow' ? 'assertion-violated' : 'assertion-cut-off';
  const params = { assertion: assertion.name, ...violationParams(violation) };
  return [{ field: `assertions.${assertion.id}`, code, params }];
}
