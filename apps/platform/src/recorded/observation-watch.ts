import type { FlowStore } from '@hypervigil/flowstore';
import type { Logger } from 'pino';
import { asking } from '../flows/asking.ts';
import { publishProgress } from '../policy/progress.ts';
import { publishedRevision } from '../policy/published.ts';
import type { Database } from '../state/database.ts';
import { PLATFORM, transact } from '../state/work.ts';
import { timesOf, turnsIn } from './observation.ts';
import { sumOf } from './sum.ts';

/** How far back the time before a revision is looked at. */
const DAYS = 7;
/** After a look that took long, the next one waits this many times as long: looking takes a tenth of a processor at most. */
const REST = 9;

/**
 * Looks whether traffic that passed before the newest revision is denied since, whenever there are new flows. What is found
 * is kept, becomes advice, and is told when it has become more.
 */
export function createObservationWatch(
  { db, flows }: { readonly db: Database; readonly flows: Pick<FlowStore, 'turns' | 'stats'> },
  logger: Logger,
): () => Promise<void> {
  let seen = '';
  let notBefore = 0;

  return async () => {
    if (performance.now() < notBefore) return;
    const revision = await publishedRevision(db);
    const { rows, newestMs } = await asking(() => flows.stats());
    const position = `${revision} ${rows} ${newestMs}`;
    if (revision === 0 || position === seen) return;
    const started = performance.now();
    const times = await timesOf(db, await publishProgress(db, String(revision)), DAYS);
    const denied = (await turnsIn(flows, times)).turns
      .map(({ after }) => after)
      .filter((talk) => talk.verdict !== 'allow');
    notBefore = performance.now() + REST * (performance.now() - started);
    const { talks, vms } = sumOf(denied);
    const lastMs = denied.reduce((last, talk) => Math.max(last, talk.lastMs), 0);
    const isMore = await remember(db, { revision, talks, vms, lastAt: talks === 0 ? null : new Date(lastMs) });
    seen = position;
    if (isMore) logger.warn({ revision, talks, vms }, 'traffic that passed before this revision is denied since');
  };
}

interface Found {
  readonly revision: number;
  readonly talks: number;
  readonly vms: number;
  readonly lastAt: Date | null;
}

/** @returns whether it is more than before; browsers are told whenever it is another. */
function remember(db: Database, { revision, talks, vms, lastAt }: Found): Promise<boolean> {
  return transact(db, PLATFORM, async ({ tx, changed }) => {
    const query = tx.selectFrom('revision_observations').selectAll().where('revision', '=', revision);
    const before = (await query.executeTakeFirst())?.denied_talks ?? 0;
    const found = { denied_talks: talks, denied_vms: vms, last_denied_at: lastAt };
    await tx
      .insertInto('revision_observations')
      .values({ revision, ...found })
      .onConflict((conflict) => conflict.column('revision').doUpdateSet(found))
      .execute();
    if (talks !== before) changed('observation');
    return talks > before;
  });
}
