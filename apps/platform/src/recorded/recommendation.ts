import type { PolicyRecommendation } from '@hypervigil/contract';
import type { FlowFilter, FlowStore, Talk } from '@hypervigil/flowstore';
import { isAnyone, type Peer } from '@hypervigil/model';
import { type Outlier, recommend, type Subject } from '@hypervigil/policy';
import type { Desk } from '../analysis/desk.ts';
import type { Names } from '../analysis/names.ts';
import { badField, notFound } from '../errors.ts';
import { asking } from '../flows/asking.ts';
import { getGroup } from '../policy/groups.ts';
import type { Database } from '../state/database.ts';
import { inTurns } from './in-turns.ts';
import { namesFor } from './names.ts';
import { ruleNames } from './rule-names.ts';
import { sumOf } from './sum.ts';
import { type Recording, talksIn } from './talks.ts';
import { daysKept, daysUntil, instants } from './window.ts';

export interface Wanted {
  readonly groupId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly days: number;
  readonly to?: string | undefined;
}

interface Input {
  readonly subject: Subject;
  readonly recording: Recording;
  readonly days: number;
}

const SHOWN = 200;

/** What the thread needs to know of recorded flows; they are kept in this process. */
export async function recordingOf(
  { db, flows }: { readonly db: Database; readonly flows: Pick<FlowStore, 'talks' | 'stats'> },
  wanted: Wanted,
): Promise<Input> {
  const { subject, filter } = await subjectOf(db, wanted);
  const window = daysUntil(wanted.to, wanted.days);
  const recording = await talksIn(flows, window, filter);
  const { oldestMs } = await asking(() => flows.stats());
  return { subject, recording, days: daysKept(window, oldestMs) };
}

async function subjectOf(
  db: Database,
  { groupId, tenantId }: Wanted,
): Promise<{ subject: Subject; filter: FlowFilter }> {
  if (groupId !== undefined) {
    const { memberIds } = await getGroup(db, groupId);
    return { subject: { groupId }, filter: { vmIds: memberIds } };
  }
  if (tenantId === undefined) throw badField('groupId', { code: 'missing', params: {} });
  return { subject: { tenantId }, filter: { tenantId } };
}

/** Rules that allow what was recorded of a group or tenant. */
export async function recommendPolicy(
  desk: Desk,
  { subject, recording, days }: Input,
  signal: AbortSignal,
): Promise<PolicyRecommendation> {
  const { cloud, names } = await desk.subject('published');
  const kind = 'groupId' in subject ? ('group' as const) : ('tenant' as const);
  const id = 'groupId' in subject ? subject.groupId : subject.tenantId;
  const named = names[`${kind}s`].get(id);
  if (named === undefined) throw notFound(kind, id);
  const { tenantId, rules, outliers, learnt } = await inTurns(recommend(cloud, subject, recording.talks, days), signal);
  const talkNames = namesFor(names, cloud.policies);
  const sides = rules.map(({ from, to }) => ({ fromNames: peerNames(names, from), toNames: peerNames(names, to) }));
  const ruleName = ruleNames();
  return {
    subject: { kind, ...named },
    tenantId,
    ...instants(recording),
    days,
    rules: rules.map(({ from, to, services, evidence }, i) => ({
      name: ruleName(sides[i]!.fromNames, sides[i]!.toNames),
      from,
      to,
      ...sides[i]!,
      services: [...services],
      evidence,
    })),
    learnt: sumOf(learnt),
    outliers: outliers
      .toSorted((a, b) => b.talk.flows - a.talk.flows)
      .slice(0, SHOWN)
      .map(({ talk, reason }) => ({ ...talkNames.talk(talk), reason })),
    outlierCounts: countsOf(outliers),
    truncated: recording.truncated,
  };
}

const countsOf = (outliers: readonly Outlier<Talk>[]): PolicyRecommendation['outlierCounts'] =>
  [...Map.groupBy(outliers, ({ reason }) => reason)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, some]) => ({ reason, ...sumOf(some.map(({ talk }) => talk)) }));

function peerNames({ groups, tenants }: Names, peer: Peer): string[] {
  if (isAnyone(peer)) return [];
  return [
    ...peer.groupIds.map((id) => groups.get(id)?.name ?? id),
    ...peer.tenantIds.map((id) => tenants.get(id)?.name ?? id),
    ...peer.cidrs,
  ];
}
