import { setImmediate as otherWork } from 'node:timers/promises';
import type { api, ResponseOf } from '@hypervigil/contract';
import type { Policy } from '@hypervigil/model';
import { type Analysis, createAnalysis, type Finding, type Packet, type Reach, servicesText } from '@hypervigil/policy';
import { unknownId } from '../errors.ts';
import { type Cloud, loadCloud } from '../intent/cloud.ts';
import type { Database } from '../state/database.ts';
import { readDraft } from './draft.ts';
import { readService, readWhere } from './where.ts';

type Of = 'draft' | 'published';
type Answer<Operation extends keyof typeof api> = ResponseOf<(typeof api)[Operation]>;

const SHOWN = { others: 20, vms: 100, cidrs: 50, services: 64, parts: 500, groups: 50 } as const;

export async function analysePolicy(
  db: Database,
  { of, limit }: { of: Of; limit: number },
): Promise<Answer<'analysePolicy'>> {
  const { analysis, names } = await subject(db, of);
  const findings = await proven(analysis);
  const items = findings.slice(0, limit).map(({ code, reason, ruleId, otherIds, witness }) => ({
    code,
    reason,
    rule: names.rule(ruleId)!,
    others: otherIds.slice(0, SHOWN.others).map((id) => names.rule(id)!),
    otherCount: otherIds.length,
    witness: witness && names.packet(witness),
  }));
  return { items, total: findings.length };
}

export async function reachPolicy(
  db: Database,
  { of, from, to, service }: { of: Of; from: string; to: string; service?: string | undefined },
): Promise<Answer<'reachPolicy'>> {
  const question = {
    from: await readWhere(db, 'from', from),
    to: await readWhere(db, 'to', to),
    services: service === undefined ? [] : [readService(service)],
  };
  const { analysis, names } = await subject(db, of);
  const parts = Iterator.from(analysis.reach(question))
    .take(SHOWN.parts + 1)
    .toArray();
  const items = parts.slice(0, SHOWN.parts).map((part) => ({
    verdict: part.verdict,
    rule: part.ruleId === null ? null : names.rule(part.ruleId),
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
  db: Database,
  { of, groups, service }: { of: Of; groups?: string | undefined; service?: string | undefined },
): Promise<Answer<'policyMatrix'>> {
  const all = await db.selectFrom('groups').select(['id', 'name']).orderBy('name').orderBy('id').execute();
  const asked = groups?.split(',').map((text) => text.trim());
  const chosen = asked?.map((text) => {
    const group = all.find(({ id, name }) => id === text || name === text);
    if (!group) throw unknownId('groups', 'group');
    return group;
  });
  const ends = (chosen ?? all).slice(0, SHOWN.groups);
  const { analysis, names } = await subject(db, of);
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

async function subject(db: Database, of: Of): Promise<{ analysis: Analysis; names: Names }> {
  const cloud = await loadCloud(db);
  const draft = of === 'draft' ? (await readDraft(db)).filter(({ change }) => change !== 'removed') : undefined;
  const policies = draft ?? cloud.policies;
  return { analysis: createAnalysis({ ...cloud, policies }, new Date()), names: await namesOf(db, cloud, policies) };
}

/** The proofs of a large cloud take minutes: others are answered in between. */
async function proven(analysis: Analysis): Promise<Finding[]> {
  const steps = analysis.findings();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await otherWork();
  }
}

type Names = Awaited<ReturnType<typeof namesOf>>;

/** Analysis speaks in ids and numbers; answers have the names with them. */
async function namesOf(db: Database, { networks }: Cloud, policies: readonly Policy[]) {
  const named = async (table: 'vms' | 'networks') =>
    new Map((await db.selectFrom(table).select(['id', 'name']).execute()).map((row) => [row.id, row]));
  const [vms, networkNames] = [await named('vms'), await named('networks')];
  const byNum = new Map(networks.map(({ num, id }) => [num, networkNames.get(id)!]));
  const rules = new Map(
    policies.flatMap(({ id: policyId, name: policy, tier, rules: some }) =>
      some.map(({ id, num, name }) => [id, { id, num, name, policyId, policy, tier }] as const),
    ),
  );
  const network = (num: number) => byNum.get(num)!;
  return {
    rule: (id: string) => rules.get(id) ?? null,
    network,
    packet: ({ network: num, src, dst, protocol, port, icmp }: Packet) => ({
      network: network(num),
      src,
      dst,
      protocol,
      port: port ?? null,
      icmpType: icmp?.type ?? null,
      icmpCode: icmp?.code ?? null,
    }),
    ends: ({ vmIds, cidrs }: Reach['from']) => ({
      vms: vmIds.slice(0, SHOWN.vms).flatMap((id) => vms.get(id) ?? []),
      vmCount: vmIds.length,
      cidrs: cidrs.slice(0, SHOWN.cidrs),
      cidrCount: cidrs.length,
    }),
  };
}
