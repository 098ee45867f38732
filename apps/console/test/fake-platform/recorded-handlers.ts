import type { ObservedTurn, RecommendedRule, SimulatedChange } from '@hypervigil/contract';
import { ANYONE, type Flow, type Group, type Rule } from '@hypervigil/model';
import type { Dataset } from './dataset.ts';
import { Refused } from './errors.ts';
import type { Handlers, State } from './handlers.ts';
import { ago, HOUR, uuid } from './make.ts';

/** What recorded flows teach, as far as screens can tell: the draft's new denies cut whatever was allowed to their groups. */
export function recordedHandlers(state: State): Handlers {
  const { data } = state;
  const vm = (id: string | null) => {
    const found = data.vms.find((one) => one.id === id);
    return found === undefined ? null : { id: found.id, name: found.name };
  };
  const talk = (flow: Flow) => ({
    network: null,
    src: { ip: flow.src.ip, vm: vm(flow.src.vmId) },
    dst: { ip: flow.dst.ip, vm: vm(flow.dst.vmId) },
    protocol: flow.protocol,
    port: flow.dst.port,
    icmpType: flow.icmpType,
    icmpCode: flow.icmpCode,
    flows: 4,
    bytes: flow.bytes + flow.replyBytes,
    firstAt: flow.startedAt,
    lastAt: flow.lastAt,
  });
  const named = (rule: Rule) => {
    const policy = data.draft.find(({ rules }) => rules.some(({ id }) => id === rule.id))!;
    return { id: rule.id, num: rule.num, name: rule.name, policyId: policy.id, policy: policy.name, tier: policy.tier };
  };
  const some = (verdict: Flow['verdict'], count: number) =>
    data.flows
      .filter((flow) => flow.verdict === verdict && flow.src.vmId !== null && flow.dst.vmId !== null)
      .slice(0, count);
  const sum = (items: readonly { readonly flows: number }[]) => ({
    talks: items.length,
    flows: items.reduce((total, { flows }) => total + flows, 0),
    vms: items.length,
  });
  const published = () => {
    const [revision] = data.revisions;
    if (revision === undefined) throw new Refused('not-found', { what: 'revision', id: '0' });
    return revision;
  };
  const progress = () => {
    const { revision, publishedAt, publishedBy, comment } = published();
    const hosts = data.hosts.map(({ id, name, state: online, appliedRevision, intentRevision, applyError }) => {
      const isThere = appliedRevision === intentRevision && applyError === null;
      const said = applyError !== null ? ('refused' as const) : isThere ? ('confirmed' as const) : ('waiting' as const);
      return {
        host: { id, name },
        online: online === 'online',
        state: said,
        confirmedAt: isThere ? publishedAt : null,
        refusedAt: applyError === null ? null : publishedAt,
        error: applyError,
      };
    });
    return { revision, publishedAt, publishedBy, comment, nextRevision: null, hosts };
  };
  return {
    getPublishProgress: () => progress(),
    observePolicy: ({ query }) => {
      const rules = data.published.flatMap((policy) => policy.rules);
      const [rule] = rules.filter(({ action }) => action === 'deny');
      const items = some('deny', rule === undefined ? 0 : 2).map(
        (flow): ObservedTurn => ({
          ...talk(flow),
          before: { verdict: 'allow', ruleNum: 5, rule: null, revision: published().revision - 1 },
          now: { verdict: 'deny', ruleNum: rule!.num, rule: named(rule!), revision: published().revision },
        }),
      );
      const firstHits = rule === undefined ? [] : [{ rule: named(rule), flows: 8, bytes: 4_800, lastAt: ago(0) }];
      const found = { items, denied: sum(items), allowed: sum([]), firstHits, truncated: false };
      return { ...progress(), from: ago(query.days * 24 * HOUR), to: ago(0), ...found };
    },
    listRuleHits: ({ query }) => {
      const policies = data.draft.filter(({ id }) => query.policyId === undefined || id === query.policyId);
      const items = policies
        .flatMap(({ rules }) => rules)
        .map((rule, n) => {
          const hits = { flows: 1_200 * n, bytes: 90_000 * n, packets: 2_400 * n, lastAt: n === 0 ? null : ago(HOUR) };
          return { rule: named(rule), ...hits, publishedAt: ago(100 * HOUR) };
        });
      return { from: ago(query.days * 24 * HOUR), to: ago(0), items };
    },
    recommendPolicy: ({ query }) => {
      const kind = query.groupId === undefined ? ('tenant' as const) : ('group' as const);
      const subject = (kind === 'group' ? data.groups : data.tenants).find(
        ({ id }) => id === (query.groupId ?? query.tenantId),
      )!;
      const from = ago(query.days * 24 * HOUR);
      const outliers = some('deny', 3).map((flow) => ({ ...talk(flow), reason: 'denied' as const }));
      return {
        subject: { kind, id: subject.id, name: subject.name },
        tenantId: data.tenants[0]!.id,
        from,
        to: ago(0),
        days: query.days,
        rules: recommended(data),
        learnt: { talks: 20, flows: 5_400, vms: 9 },
        outliers,
        outlierCounts: [{ reason: 'denied' as const, ...sum(outliers) }],
        truncated: false,
      };
    },
    applyRecommendation: () => {
      const policy = data.draft[0]!;
      const rules = recommended(data).map((rule, n) => ({
        ...policy.rules[0]!,
        ...rule,
        id: uuid('rule', 700 + n),
        num: 700 + n,
        staged: true,
      }));
      const added = { ...policy, id: uuid('policy', 70), name: 'Seen of it', order: 900, change: 'added' as const };
      data.draft.push({ ...added, rules: rules.map(({ fromNames: _, toNames: __, evidence: ___, ...rule }) => rule) });
      return data.draft.at(-1);
    },
    simulatePolicy: ({ query }) => {
      const [rule] = data.draft.flatMap(({ rules }) => rules).filter(({ action }) => action === 'deny');
      const items = some('allow', rule === undefined ? 0 : 3).map(
        (flow): SimulatedChange => ({
          ...talk(flow),
          recorded: 'allow',
          before: { verdict: 'allow', ruleNum: 5, rule: null },
          after: { verdict: 'deny', ruleNum: rule!.num, rule: named(rule!) },
        }),
      );
      const none = sum([]);
      const seen = { talks: 40, flows: 160, vms: 12 };
      const from = ago(query.days * 24 * HOUR);
      return { from, to: ago(0), items, cut: sum(items), opened: none, seen, unplaced: none, truncated: false };
    },
  };
}

const EVIDENCE = {
  flows: 5_000,
  talks: 18,
  days: 7,
  vmsSeen: 9,
  vmsNamed: 9,
  score: 0.95,
  confidence: 'high',
} as const;

/** Group by group, each to the next. */
function recommended({ groups }: Dataset): RecommendedRule[] {
  const peer = (group: Group) => ({ ...ANYONE, groupIds: [group.id] });
  return groups.slice(0, 3).map((group, n): RecommendedRule => {
    const next = groups[n + 1]!;
    const confidence = (['high', 'medium', 'low'] as const)[n]!;
    return {
      name: `${group.name} - ${next.name}`,
      from: peer(group),
      to: peer(next),
      fromNames: [group.name],
      toNames: [next.name],
      services: [{ protocol: 'tcp', ports: [`${8080 + n}`] }],
      evidence: { ...EVIDENCE, flows: [5_000, 250, 12][n]!, confidence },
    };
  });
}
