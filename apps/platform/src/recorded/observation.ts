import type { PolicyObservation } from '@hypervigil/contract';
import type { FlowStore, Talk, Turn } from '@hypervigil/flowstore';
import type { Policy } from '@hypervigil/model';
import { sql } from 'kysely';
import { asking } from '../flows/asking.ts';
import { publishProgress } from '../policy/progress.ts';
import { policiesOfRevision } from '../policy/published.ts';
import type { Database } from '../state/database.ts';
import { namedRules, namesFor } from './names.ts';
import { sumOf } from './sum.ts';
import { DAY_MS, decidedIn, iso, MAX_TALKS, now, type Window } from './window.ts';

type Store = Pick<FlowStore, 'turns' | 'ruleHits' | 'stats'>;

/** The times before and since a revision was published. */
interface Times {
  readonly before: Window;
  readonly since: Window;
}

export interface Seen {
  readonly turns: readonly Turn[];
  readonly truncated: boolean;
}

/** What a revision did to the traffic that there is, beside what hosts say of it. */
export async function observePolicy(
  { db, flows }: { readonly db: Database; readonly flows: Store },
  { revision: text, days, limit }: { revision: string; days: number; limit: number },
): Promise<PolicyObservation> {
  const progress = await publishProgress(db, text);
  const times = await timesOf(db, progress, days);
  const [seen, firstHits, { oldestMs }] = await Promise.all([
    turnsIn(flows, times),
    firstHitsIn(flows, times),
    asking(() => flows.stats()),
  ]);
  const own = await policiesOfRevision(db, progress.revision);
  const told = seen.turns.slice(0, limit);
  const names = namesFor(await namesIn(db, told), [...(await policiesBefore(db, progress.revision, told)), ...own]);
  const [allowed, denied] = [true, false].map((isAllowed) =>
    sumOf(seen.turns.map(({ after }) => after).filter(({ verdict }) => (verdict === 'allow') === isAllowed)),
  );
  const { before, since } = times;
  return {
    ...progress,
    from: oldestMs === null || oldestMs >= before.toMs ? null : iso(Math.max(before.fromMs, oldestMs)),
    to: iso(since.toMs),
    items: told.map((turn) => ({
      ...names.talk(turn.after),
      before: { ...names.judged(turn.before), revision: turn.before.revision },
      now: { ...names.judged(turn.after), revision: turn.after.revision },
    })),
    denied: denied!,
    allowed: allowed!,
    firstHits: namedRules(own)
      .values()
      .flatMap((rule): PolicyObservation['firstHits'] => {
        const hits = firstHits.get(rule.num);
        return hits ? [{ rule, flows: hits.flows, bytes: hits.bytes, lastAt: iso(hits.lastMs) }] : [];
      })
      .toArray(),
    truncated: seen.truncated,
  };
}

/** Talks that passed before and are denied since, and the other way round. */
export const turnsIn = (flows: Pick<FlowStore, 'turns'>, { before, since }: Times): Promise<Seen> =>
  asking(() => flows.turns(decidedIn(before), decidedIn(since), MAX_TALKS));

/** Until the next publishing; and what is said now may be told in a moment. */
export async function timesOf(
  db: Database,
  { publishedAt, nextRevision }: { publishedAt: string; nextRevision: number | null },
  days: number,
): Promise<Times> {
  const at = Date.parse(publishedAt);
  const next =
    nextRevision === null
      ? undefined
      : await db
          .selectFrom('policy_revisions')
          .select('published_at')
          .where('revision', '=', nextRevision)
          .executeTakeFirst();
  return {
    before: { fromMs: at - days * DAY_MS, toMs: at },
    since: { fromMs: at, toMs: next?.published_at.getTime() ?? now() },
  };
}

/** What was decided since, by number of the rule, where that had decided nothing before. */
async function firstHitsIn(flows: Pick<FlowStore, 'ruleHits'>, { before, since }: Times) {
  const [old, hits] = await asking(() =>
    Promise.all([flows.ruleHits(decidedIn(before)), flows.ruleHits(decidedIn(since))]),
  );
  const known = new Set(old.map(({ ruleNum }) => ruleNum));
  return new Map(hits.filter(({ ruleNum }) => !known.has(ruleNum)).map((one) => [one.ruleNum, one]));
}

/** Where rules stand that had the last word before: their revisions, the oldest first. */
async function policiesBefore(db: Database, revision: number, turns: readonly Turn[]): Promise<Policy[]> {
  const named = new Set([revision - 1, ...turns.map(({ before }) => before.revision)]);
  const known = await db
    .selectFrom('policy_revisions')
    .select('revision')
    .where('revision', 'in', [...named].slice(0, MAX_REVISIONS))
    .where('revision', '<', revision)
    .orderBy('revision')
    .execute();
  const policies = await Promise.all(known.map((one) => policiesOfRevision(db, one.revision)));
  return policies.flat();
}

/** Revisions of which the rules' names are looked up; beyond it rules are told by number. */
const MAX_REVISIONS = 20;

/** Names of those who talk, however many there are in the cloud. */
async function namesIn(db: Database, turns: readonly Turn[]) {
  const ids = (of: (talk: Talk) => (string | null)[]) => [
    ...new Set(turns.flatMap(({ after }) => of(after)).filter((id) => id !== null)),
  ];
  const read = async (table: 'vms' | 'networks', some: string[]) => {
    const found = db.selectFrom(table).select(['id', 'name']).where(sql<boolean>`id = any(${some}::uuid[])`);
    return new Map((await found.execute()).map((row) => [row.id, row]));
  };
  return {
    vms: await read(
      'vms',
      ids(({ src, dst }) => [src.vmId, dst.vmId]),
    ),
    networks: await read(
      'networks',
      ids(({ networkId }) => [networkId]),
    ),
  };
}
