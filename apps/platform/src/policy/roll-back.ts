import { type Language, rollbackText } from '@hypervigil/contract';
import type { Analyst } from '../analysis/analyst.ts';
import { ApiFailure } from '../errors.ts';
import type { Database } from '../state/database.ts';
import type { Actor } from '../state/work.ts';
import { draftHeads } from './draft.ts';
import { publish } from './publish.ts';
import { publishedRevision } from './published.ts';
import { restoreRevision } from './restore.ts';

interface Input {
  readonly revision?: number | undefined;
  readonly draftRevision: number;
  readonly discardDraft: boolean;
  readonly comment: string;
  readonly override?: string | undefined;
}

/**
 * What a revision was is published again, as one that is new. Where publishing is refused the draft is that revision already:
 * mend it, or override.
 * @returns names of policies that are left out since their tenant is gone
 * @throws ApiFailure `draft-changed` when something would be lost, `nothing-before`, and what restoring and publishing throw
 */
export async function rollBack(
  db: Database,
  analyst: Analyst,
  actor: Actor,
  { revision, draftRevision, discardDraft, comment, override }: Input,
  language: Language,
): Promise<string[]> {
  const target = revision ?? (await publishedRevision(db)) - 1;
  if (target < 0) throw new ApiFailure('nothing-before', {});
  const changed = (await draftHeads(db)).filter(({ change }) => change !== 'none').length;
  if (changed > 0 && !discardDraft) throw new ApiFailure('draft-changed', { count: changed });
  const skipped = await restoreRevision(db, actor, { revision: target, draftRevision });
  await publish(db, analyst, actor, {
    draftRevision: draftRevision + 1,
    comment: comment || rollbackText(language, target),
    override,
  });
  return skipped;
}
