import type { Id, Policy } from '@hypervigil/model';
import { type Analysis, type CloudSchedule, createAnalysis, nextChange } from '@hypervigil/policy';
import { type Cloud, loadCloud } from '../intent/cloud.ts';
import { readDraft } from '../policy/draft.ts';
import { draftRevision } from '../policy/publish.ts';
import { policiesOfRevision } from '../policy/published.ts';
import { withPartOf } from '../policy/seen.ts';
import type { Database } from '../state/database.ts';
import { type Names, namesOf } from './names.ts';
import { type Shared, share } from './shared.ts';

/**
 * Which policies: those that would be published, the same as if their staged rules were enforced, those that are, or those
 * of a revision, or those that a tenant would publish.
 */
export type Of = 'draft' | 'staged' | 'published' | number | { readonly tenantId: Id };

/** Some policies on the cloud as it is now, ready for questions. */
export interface Subject {
  /** Draft revision, or published revision. */
  readonly revision: number;
  readonly cloud: Cloud;
  readonly analysis: Analysis;
  readonly names: Names;
  /** What was found out about it already: the same question is worked on once, for as long as somebody waits. */
  once<T>(question: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** Where questions are worked on: what they are about is read once for each revision of the policies and of the inventory. */
export interface Desk {
  readonly db: Database;
  subject(of: Of): Promise<Subject>;
}

/** Two that are compared, or the draft and what is published. Each takes about as much memory as the cloud. */
const KEPT = 2;
const ANSWERS = 16;
/** Less than events are kept: while an entry lives, whatever changed has left an event (see {@link inventoryPosition}). */
const KEPT_MS = 600_000;

export function createDesk(db: Database): Desk {
  let inventory: Kept<Cloud> | undefined;
  const subjects = new Map<string, Kept<Subject>>();

  async function cloud(position: number): Promise<Cloud> {
    if (inventory?.key !== `${position}` || isOld(inventory)) {
      // Of an inventory that is no more, nothing is asked again.
      subjects.clear();
      inventory = keep(`${position}`, loadCloud(db), () => (inventory = undefined));
    }
    return inventory.value;
  }

  return {
    db,
    async subject(of) {
      // Read before the cloud itself: what changes in between makes the next question read it again.
      const position = await inventoryPosition(db);
      const { revision, policies } = await policiesOf(db, of);
      const key = `${keyOf(of)} ${revision}`;
      const present = await cloud(position);
      let kept = subjects.get(key);
      if (kept === undefined || isOld(kept)) {
        const at = new Date();
        const made = makeSubject(db, { ...present, policies }, revision, at);
        kept = keep(key, made, () => subjects.delete(key), nextTurn(policies, present.schedules, at));
      }
      subjects.delete(key);
      subjects.set(key, kept);
      for (const old of [...subjects.keys()].slice(0, -KEPT)) subjects.delete(old);
      return kept.value;
    },
  };
}

async function makeSubject(db: Database, cloud: Cloud, revision: number, at: Date): Promise<Subject> {
  const answers = new Map<string, Shared<unknown>>();
  return {
    revision,
    cloud,
    analysis: createAnalysis(cloud, at),
    names: await namesOf(db, cloud),
    once<T>(question: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
      let answer = answers.get(question) as Shared<T> | undefined;
      if (answer === undefined) {
        answer = share(work, () => answers.delete(question));
        answers.set(question, answer);
        for (const old of [...answers.keys()].slice(0, -ANSWERS)) answers.delete(old);
      }
      return answer.wait(signal);
    },
  };
}

interface Kept<T> {
  readonly key: string;
  readonly value: Promise<T>;
  /** By the wall clock, in milliseconds. */
  readonly until: number;
}

function keep<T>(key: string, value: Promise<T>, forget: () => unknown, until = Number.POSITIVE_INFINITY): Kept<T> {
  value.catch(forget);
  return { key, value, until: Math.min(until, Date.now() + KEPT_MS) };
}

const isOld = ({ until }: Kept<unknown>) => Date.now() >= until;

/** When the next rule ends, or its hours begin or end, in milliseconds: from then on the policies mean something else. */
export function nextTurn(
  policies: readonly Pick<Policy, 'rules'>[],
  schedules: readonly CloudSchedule[],
  at: Date,
): number {
  const rules = policies.flatMap((policy) => policy.rules);
  const named = new Set(rules.map(({ scheduleId }) => scheduleId));
  const ends = rules.flatMap(({ expiresAt }) => expiresAt ?? []).map(Date.parse);
  const changes = schedules.filter(({ id }) => named.has(id)).map((hours) => nextChange(hours, at)?.getTime());
  return Math.min(...([...ends, ...changes].filter((turn) => turn !== undefined && turn > at.getTime()) as number[]));
}

/** What verdicts do not depend on. Whatever else is new in the event log may change one. */
const IDLE = [
  'host',
  'task',
  'flows',
  'overview',
  'enrolments',
  'host-firewall',
  'policy',
  'assertions',
  'observation',
  'accounts',
];

/** Place in the event log of the last change of the cloud; 0 when none of the last hour is left. */
export async function inventoryPosition(db: Database): Promise<number> {
  const { position } = await db
    .selectFrom('events')
    .select((e) => e.fn.max('id').as('position'))
    .where('kind', 'not in', IDLE)
    .executeTakeFirstOrThrow();
  return position ?? 0;
}

const keyOf = (of: Of): string =>
  typeof of === 'object' ? `tenant ${of.tenantId}` : of === 'draft' || of === 'staged' ? of : 'revision';

async function policiesOf(db: Database, of: Of): Promise<{ revision: number; policies: readonly Policy[] }> {
  if (typeof of === 'object') {
    const policies = await withPartOf(db, of.tenantId, await readDraft(db));
    return { revision: await draftRevision(db, of.tenantId), policies };
  }
  const state = await db.selectFrom('policy_state').selectAll().executeTakeFirstOrThrow();
  if (of === 'draft' || of === 'staged') {
    const policies = (await readDraft(db)).filter(({ change }) => change !== 'removed');
    return { revision: state.draft_revision, policies: of === 'draft' ? policies : policies.map(enforced) };
  }
  const revision = of === 'published' ? state.published_revision : of;
  return { revision, policies: await policiesOfRevision(db, revision) };
}

const enforced = (policy: Policy): Policy => ({
  ...policy,
  rules: policy.rules.map((rule) => ({ ...rule, staged: false })),
});
