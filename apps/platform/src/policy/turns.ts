import type { Policy, Rule } from '@hypervigil/model';
import { type CloudSchedule, holds, isExpired } from '@hypervigil/policy';
import type { Logger } from 'pino';
import { nextTurn } from '../analysis/desk.ts';
import type { Mirror } from '../intent/mirror.ts';
import type { Database } from '../state/database.ts';
import { lock, PLATFORM, transact } from '../state/work.ts';

/** Names of rules, each with that of its policy, that something else holds of since an instant. */
interface Turned {
  readonly began: readonly string[];
  readonly ended: readonly string[];
}

/** An entry of the audit log names at most so many of each. */
const SHOWN = 50;

/**
 * Tells when the clock changes what published rules say: their hours begin or end, or their time is over. Hosts see to it
 * by their own clocks; people and browsers hear of it here, as of an edit.
 */
export function createTurnWatch(
  { db, mirror, clock }: { db: Database; mirror: Pick<Mirror, 'rows' | 'onChange'>; clock: () => Date },
  logger: Logger,
): () => Promise<void> {
  let next: number | undefined;
  mirror.onChange(() => {
    next = undefined;
  });

  return async () => {
    const now = clock();
    const policies = mirror.rows('policies').values().toArray();
    const schedules = mirror.rows('schedules');
    // What the clock did while nobody looked was done before an edit, or before this process began.
    next ??= nextTurn(policies, schedules.values().toArray(), now);
    if (now.getTime() < next) return;
    const at = new Date(next);
    const turned = turnedAt(policies, schedules, at);
    next = nextTurn(policies, schedules.values().toArray(), at);
    if (turned.began.length + turned.ended.length === 0) return;
    if (await record(db, at, turned)) logger.info({ at, ...turned }, 'the clock changed what rules say');
  };
}

function turnedAt(policies: readonly Policy[], schedules: ReadonlyMap<string, CloudSchedule>, at: Date): Turned {
  const before = new Date(at.getTime() - 1);
  const says = ({ expiresAt, scheduleId }: Rule, when: Date): boolean => {
    const hours = scheduleId === null ? null : schedules.get(scheduleId);
    return hours !== undefined && !isExpired({ expiresAt }, when) && (hours === null || holds(hours, when));
  };
  const rules = policies
    .filter(({ enabled }) => enabled)
    .flatMap((policy) => policy.rules.filter(({ enabled }) => enabled).map((rule) => ({ policy, rule })));
  const named = (from: boolean, to: boolean) =>
    rules
      .filter(({ rule }) => says(rule, before) === from && says(rule, at) === to)
      .slice(0, SHOWN)
      .map(({ policy, rule }) => `${policy.name} / ${rule.name}`);
  return { began: named(false, true), ended: named(true, false) };
}

/** @returns whether it was news: of several platform processes the first one tells. */
function record(db: Database, at: Date, { began, ended }: Turned): Promise<boolean> {
  return transact(db, PLATFORM, async ({ tx, audit, changed }) => {
    await lock(tx, 'policy');
    const subject = `instant:${at.toISOString()}` as const;
    const told = tx
      .selectFrom('audit')
      .select('id')
      .where('action', '=', 'rules.turned')
      .where('subject', '=', subject);
    if ((await told.executeTakeFirst()) !== undefined) return false;
    audit({ action: 'rules.turned', subject, params: { began, ended } });
    changed('policy');
    changed('schedules');
    return true;
  });
}
