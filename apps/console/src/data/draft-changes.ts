import { type DraftPolicy, withDraftChanges } from '@hypervigil/contract';
import { platform } from './client.ts';

type Policies = readonly DraftPolicy[];

/** Asks for what is another than what is held: a change of one rule is not the reading of ten thousand. */
export async function readChanges(held: () => Policies, signal: AbortSignal): Promise<Policies | undefined> {
  const have = held().map(({ id, revision, change }) => ({ id, revision, change }));
  const changes = await platform.listDraftChanges({ body: { have } }, { signal });
  // What was edited here meanwhile may be newer than the answer.
  return withDraftChanges(held(), changes);
}
