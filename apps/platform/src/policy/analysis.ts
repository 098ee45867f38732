import { setImmediate as otherWork } from 'node:timers/promises';
import { type api, MATRIX_GROUPS, type ResponseOf } from '@hypervigil/contract';
import { type Analysis, type Finding, type Recorded, servicesText } from '@hypervigil/policy';
import type { Desk, Of } from '../analysis/desk.ts';
import { unknownId } from '../errors.ts';
import { unusedRules } from '../recorded/unused.ts';
import { readService, readWhere } from './where.ts';

type Answer<Operation extends keyof typeof api> = ResponseOf<(typeof api)[Operation]>;

/** What shows without any flow that a rule does nothing. */
const PROVEN_USELESS: ReadonlySet<Finding['code']> = new Set(['shadowed', 'irrelevant', 'expired']);

const SHOWN = { others: 20, services: 64, parts: 500 } as const;

export async function analysePolicy(
  desk: Desk,
  { of, limit, recorded }: { of: Of; limit: number; recorded: Recorded | null },
  signal: AbortSignal,
): Promise<Answer<'analysePolicy'>> {
  const { analysis, names, once, cloud } = await desk.subject(of);
  const findings = await once('findings', signal, (stop) => proven(analysis, stop));
  const unused = recorded === null ? [] : await unusedRules(desk.db, cloud, recorded);
  const items = findings.slice(0, limit).map(({ code, reason, ruleId, otherIds, witness }) => ({
    code,
    reason,
    rule: names.rule(ruleId)!,
    others: otherIds.slice(0, SHOWN.others).map((id) => names.rule(id)!),
    otherCount: otherIds.length,
    witness: witness && names.packet(witness),
  }));
  const known = new Set(findings.filter(({ code }) => PROVEN_USELESS.has(code)).map(({ ruleId }) => ruleId));
  const silent = unused.filter(({ ruleId }) => !known.has(ruleId));
  const observed = silent.slice(0, limit - items.length).map(({ reason, ruleId, days, since }) => ({
    code: reason === 'no-hits' ? ('unused' as const) : ('irrelevant' as const),
    reason,
    rule: names.rule(ruleId)!,
    others: [],
    otherCount: 0,
    witness: null,
    observed: { days, since },
  }));
  return { items: [...items, ...observed], total: findings.length + silent.length };
}

export async function reachPolicy(
  desk: Desk,
  { of, from, to, service }: { of: Of; from: string; to: string; service?: string | undefined },
): Promise<Answer<'reachPolicy'>> {
  const question = {
    from: await readWhere(desk.db, 'from', from),
    to: await readWhere(desk.db, 'to', to),
    services: service === undefined ? [] : [readService(service)],
  };
  const { analysis, names } = await desk.subject(of);
  const parts = Iterator.from(analysis.reach(question))
    .take(SHOWN.parts + 1)
    .toArray();
  const items = parts.slice(0, SHOWN.parts).map((part) => ({
    verdict: part.verdict,
    rule: names.rule(part.ruleId),
    ruleNum: part.ruleNum,
    network: names.network(part.network),
    from: names.ends(part.from),
    to: names.ends(part.to),
    services: servicesText(part.services).slice(0, SHOWN.services),
    points: [...part.points],
    witness: names.packet(part.witness),
  }));
  return { items, more: parts.length > SHOWN.parts };
}

export async function policyMatrix(
  desk: Desk,
  { of, groups, service }: { of: Of; groups?: string | undefined; service?: string | undefined },
): Promise<Answer<'policyMatrix'>> {
  const all = await desk.db.selectFrom('groups').select(['id', 'name']).orderBy('name').orderBy('id').execute();
  const asked = groups?.split(',').map((text) => text.trim());
  const chosen = asked?.map((text) => {
    const group = all.find(({ id, name }) => id === text || name === text);
    if (!group) throw unknownId('groups', 'group');
    return group;
  });
  const ends = (chosen ?? all).slice(0, MATRIX_GROUPS);
  const { analysis, names } = await desk.subject(of);
  const cells = analysis.matrix(
    ends.map(({ id }) => ({ groupIds: [id] })),
    service === undefined ? [] : [readService(service)],
  );
  const items = cells.map(({ services, witness, ...cell }) => ({
    ...cell,
    services: servicesText(services).slice(0, SHOWN.services),
    witness: witness && names.packet(witness),
  }));
  return { groups: ends, items };
}

/** The proofs of a large cloud take minutes: others are answered in between. */
async function proven(analysis: Analysis, signal: AbortSignal): Promise<Finding[]> {
  const steps = analysis.findings();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await otherWork();
    signal.throwIfAborted();
  }
}
