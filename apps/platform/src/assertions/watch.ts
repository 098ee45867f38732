import type { AssertionResult } from '@hypervigil/contract';
import type { Logger } from 'pino';
import type { Analyst } from '../analysis/analyst.ts';
import { inventoryPosition, nextTurn } from '../analysis/desk.ts';
import { publishedPolicies } from '../policy/published.ts';
import { loadSchedules } from '../policy/schedules.ts';
import type { Database } from '../state/database.ts';
import { PLATFORM, transact } from '../state/work.ts';

/** After a look that took long, the next one waits this many times as long: looking takes a quarter of a processor at most. */
const REST = 3;

/**
 * Looks again at the assertions of what is published, since VMs come and groups change without anybody publishing. What
 * is found is kept beside the assertion and becomes advice.
 */
export function createAssertionWatch(db: Database, analyst: Analyst, logger: Logger): () => Promise<void> {
  let seen = '';
  /** A rule that ends changes nothing in the database. */
  let until = 0;
  let notBefore = 0;

  return async () => {
    if (performance.now() < notBefore) return;
    const position = await positionOf(db);
    if (position === undefined || (position === seen && Date.now() < until)) return;
    const started = performance.now();
    const at = new Date();
    const { items } = await analyst.run('checkAssertions', { of: 'published' });
    notBefore = performance.now() + REST * (performance.now() - started);
    await remember(db, items);
    seen = position;
    until = nextTurn(await publishedPolicies(db), await loadSchedules(db), at);
    const violated = items.filter(({ state }) => state === 'violated').length;
    if (violated > 0) logger.warn({ violated }, 'assertions do not hold of what is published');
  };
}

/** Of everything that an assertion depends on; undefined when there is none. */
async function positionOf(db: Database): Promise<string | undefined> {
  const [{ published_revision }, assertions, inventory] = await Promise.all([
    db.selectFrom('policy_state').select('published_revision').executeTakeFirstOrThrow(),
    db.selectFrom('assertions').select(['id', 'revision']).where('enabled', '=', true).orderBy('id').execute(),
    inventoryPosition(db),
  ]);
  if (assertions.length === 0) return undefined;
  return JSON.stringify([published_revision, inventory, assertions.map(({ id, revision }) => `${id} ${revision}`)]);
}

/** Keeps what was found; browsers are told when it is another than before. */
function remember(db: Database, items: readonly AssertionResult[]): Promise<void> {
  return transact(db, PLATFORM, async ({ tx, changed }) => {
    const before = new Map(
      (await tx.selectFrom('assertion_states').selectAll().execute()).map((row) => [row.assertion_id, row]),
    );
    const known = new Set((await tx.selectFrom('assertions').select('id').execute()).map(({ id }) => id));
    for (const { assertion, state, violation } of items) {
      if (!known.has(assertion.id)) continue;
      const found = { state, violation: violation && JSON.stringify(violation), checked_at: new Date() };
      await tx
        .insertInto('assertion_states')
        .values({ assertion_id: assertion.id, ...found })
        .onConflict((conflict) => conflict.column('assertion_id').doUpdateSet(found))
        .execute();
      if (before.get(assertion.id)?.state !== state) changed('assertions', assertion.id);
    }
  });
}
