import { createHash } from 'node:crypto';
import type { FeedProblem, ThreatSet } from '@hypervigil/model';
import type { Block } from '@hypervigil/policy';
import { FeedError, type Harvest, readFeed } from '@hypervigil/threat-feeds';
import { sql } from 'kysely';
import { ApiFailure } from '../errors.ts';
import { replaceEntries } from '../policy/address-sets.ts';
import type { Database } from '../state/database.ts';
import { type Actor, PLATFORM, transact } from '../state/work.ts';
import { fetchFeed, type Validators } from './fetch.ts';
import { getThreatSet } from './threat-sets.ts';

export interface RefreshDeps {
  readonly db: Database;
  /** Special addresses that feeds may be fetched from. */
  readonly allowed: readonly Block[];
}

/** A source that failed is asked again this soon, though its turn is later. */
const RETRY_MINUTES = 15;
/** Feeds of one turn; the rest are due at the next. */
const MAX_A_TURN = 50;
const NO_VALIDATORS: Validators = { etag: null, lastModified: null };

/** Fetches every feed whose time has come. Several processes share them out: a feed is its process's once it has moved. */
export async function refreshDue({ db, allowed }: RefreshDeps): Promise<void> {
  for (let turn = 0; turn < MAX_A_TURN; turn++) {
    const { rows } = await sql<{ id: string }>`
      update threat_feeds set next_at = now() + every_minutes * interval '1 minute' * (0.9 + random() * 0.2)
      where set_id = (select set_id from threat_feeds where next_at <= now() and url is not null
        order by next_at limit 1 for update skip locked)
      returning set_id as id`.execute(db);
    const [due] = rows;
    if (due === undefined) return;
    await refreshThreatSet({ db, allowed }, PLATFORM, due.id);
  }
}

/**
 * Fetches a feed now. When that fails, the set keeps what it has, and its state says why.
 * @throws ApiFailure `feed-is-file` when it has no address
 */
export async function refreshThreatSet({ db, allowed }: RefreshDeps, actor: Actor, id: string): Promise<ThreatSet> {
  const set = await getThreatSet(db, id);
  const { url } = set.feed;
  if (url === null) throw new ApiFailure('feed-is-file', {});
  try {
    const known = await validatorsOf(db, set);
    const answer = await fetchFeed(url, { allowed, ...(known ? { known } : {}) });
    if (answer === null) await noteUnchanged(db, id);
    else await take(db, actor, set, { ...answer, source: url });
  } catch (error) {
    if (!(error instanceof FeedError)) throw error;
    await noteProblem(db, actor, set, { code: error.code, params: error.params });
  }
  return getThreatSet(db, id);
}

/**
 * Takes the file that somebody brings.
 * @throws ApiFailure `feed-is-address`; `bad-feed` when it cannot be read, and the set keeps what it has
 */
export async function uploadThreatSet(
  db: Database,
  actor: Actor,
  id: string,
  { fileName, content }: { fileName: string; content: string },
): Promise<ThreatSet> {
  const set = await getThreatSet(db, id);
  if (set.feed.url !== null) throw new ApiFailure('feed-is-address', {});
  try {
    await take(db, actor, set, { bytes: Buffer.from(content), source: fileName, ...NO_VALIDATORS });
  } catch (error) {
    if (!(error instanceof FeedError)) throw error;
    throw new ApiFailure('bad-feed', { problem: error.code, ...error.params }, { cause: error });
  }
  return getThreatSet(db, id);
}

/** Indicators end although their file stays as it is, so such a file is read each time. */
async function validatorsOf(db: Database, { id, feed, state }: ThreatSet): Promise<Validators | undefined> {
  if (feed.format === 'stix' || state.sha256 === null) return undefined;
  return db
    .selectFrom('threat_feeds')
    .select(['etag', 'last_modified as lastModified'])
    .where('set_id', '=', id)
    .executeTakeFirst();
}

async function take(
  db: Database,
  actor: Actor,
  { id, feed, state, excluded }: ThreatSet,
  { bytes, source, etag, lastModified }: { bytes: Buffer; source: string } & Validators,
): Promise<void> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === state.sha256 && feed.format !== 'stix') return noteUnchanged(db, id);
  const harvest = readFeed(feed, bytes, Date.now());
  await transact(db, actor, async ({ tx, audit, changed }) => {
    const isOther = await replaceEntries(tx, id, { entries: harvest.entries });
    await tx
      .updateTable('threat_feeds')
      .set({
        ...GOOD,
        fetched_at: sql`now()`,
        source,
        sha256,
        bytes: bytes.length,
        etag,
        last_modified: lastModified,
        taken: harvest.entries.length,
        left_out: JSON.stringify(harvest.leftOut),
      })
      .where('set_id', '=', id)
      .execute();
    const params = { source, sha256, taken: harvest.entries.length, leftOut: leftOutOf(harvest), excluded };
    audit({ action: 'threat-set.refreshed', subject: `threat-set:${id}`, params });
    // Without a subject only what people see is read again.
    if (isOther) changed('address-sets', id);
    else changed('address-sets');
  });
}

const GOOD = { tried_at: sql<Date>`now()`, checked_at: sql<Date>`now()`, problem: null };
const leftOutOf = ({ leftOut }: Harvest) => leftOut.reduce((sum, { count }) => sum + count, 0);

function noteUnchanged(db: Database, id: string): Promise<void> {
  return transact(db, PLATFORM, async ({ tx, changed }) => {
    await tx.updateTable('threat_feeds').set(GOOD).where('set_id', '=', id).execute();
    changed('address-sets');
  });
}

function noteProblem(db: Database, actor: Actor, { id, state }: ThreatSet, problem: FeedProblem): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    await tx
      .updateTable('threat_feeds')
      .set({
        tried_at: sql`now()`,
        problem: JSON.stringify(problem),
        next_at: sql`least(next_at, now() + ${RETRY_MINUTES} * interval '1 minute' * (0.9 + random() * 0.2))`,
      })
      .where('set_id', '=', id)
      .execute();
    // Once, not at every try of a long night.
    if (state.problem?.code !== problem.code) {
      const { code, params } = problem;
      audit({
        action: 'threat-set.refreshed',
        outcome: 'failed',
        subject: `threat-set:${id}`,
        params: { code, params },
      });
    }
    changed('address-sets');
  });
}
