import type { DraftChanges, DraftPolicy, RuleInput } from '@hypervigil/contract';
import {
  type FieldMistake,
  type Group,
  holdsVm,
  type Inspect,
  type InspectInput,
  patchRules,
  type Rule,
  readGroup,
  TIERS,
  type Vm,
} from '@hypervigil/model';
import { demoFindings, demoMatrix, demoReach } from './analysis.ts';
import { APPROVAL } from './approval-handlers.ts';
import type { Dataset } from './dataset.ts';
import { Refused } from './errors.ts';
import { find, type Handlers, page, type State } from './handlers.ts';
import { uuid } from './make.ts';

export const membersOf = (groups: readonly Group[], id: string, vms: readonly Vm[]) => {
  const read = new Map(groups.map((group) => [group.id, readGroup(group)]));
  return vms.filter((vm) => holdsVm(read, id, vm));
};

export const changesOf = (data: Dataset) => {
  const count = (change: DraftPolicy['change']) => data.draft.filter((policy) => policy.change === change).length;
  return { added: count('added'), changed: count('changed'), removed: count('removed') };
};

export function draftMistakes(data: Dataset): FieldMistake[] {
  const known = new Set(data.groups.map((group) => group.id));
  return data.draft.flatMap((policy) =>
    policy.rules.flatMap((rule, r) =>
      [...rule.from.groupIds, ...rule.to.groupIds]
        .filter((id) => !known.has(id))
        .map(() => ({
          field: `${policy.id}.rules.${r}`,
          code: 'unknown-id' as const,
          params: { what: 'group' as const },
        })),
    ),
  );
}

function ruleChangesOf(data: Dataset, { id, change, rules }: DraftPolicy): DraftPolicy['ruleChanges'] {
  const before = data.published.find((policy) => policy.id === id)?.rules ?? [];
  const said = ({ num: _, ...rule }: Rule) => JSON.stringify(rule);
  const changes = rules.flatMap((rule, place) => {
    const was = before.findIndex((one) => one.id === rule.id);
    if (was === -1) return [[rule.id, 'added']];
    if (said(before[was]!) !== said(rule)) return [[rule.id, 'changed']];
    return was === place ? [] : [[rule.id, 'moved']];
  });
  return change === 'changed' ? Object.fromEntries(changes) : {};
}

const byOrder = (a: DraftPolicy, b: DraftPolicy) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) || a.order - b.order;

export function policyHandlers(state: State): Handlers {
  const { data } = state;
  const told = () => {
    data.policy.draftRevision++;
    state.events.emit({ kind: 'changed', what: 'policy' });
    state.events.emit({ kind: 'changed', what: 'overview' });
  };
  const onRevision = (have: number, given: number) => {
    if (have !== given) throw new Refused('stale-revision', { current: have });
  };
  const numbered = (rules: readonly RuleInput[]): Rule[] =>
    rules.map(({ inspect, ...rule }) => {
      const n = state.next();
      return {
        ...rule,
        ...(inspect && { inspect: numberedChain(inspect) }),
        id: rule.id ?? uuid('rule', n),
        num: 99 + n,
      };
    });
  const replace = (changed: DraftPolicy) => {
    const policy = { ...changed, ruleChanges: ruleChangesOf(data, changed) };
    data.draft = data.draft.map((p) => (p.id === policy.id ? policy : p)).sort(byOrder);
    told();
    return policy;
  };
  const changed = (before: DraftPolicy, change: Partial<DraftPolicy>): DraftPolicy => ({
    ...before,
    ...change,
    revision: before.revision + 1,
    changedAt: new Date().toISOString(),
    change: before.change === 'added' ? 'added' : 'changed',
  });
  /** The rules are told whole. */
  const changes = (...policies: DraftPolicy[]): DraftChanges => ({
    policies: policies.map(({ rules, ...policy }) => ({
      ...policy,
      ...{ since: null, changed: [], removed: [], placed: rules.map((rule) => ({ rule, before: null })) },
    })),
    order: null,
  });
  return {
    listGroups: ({ query }) =>
      page(
        data.groups.map((group) => ({ ...group, memberCount: membersOf(data.groups, group.id, data.vms).length })),
        query,
      ),
    getGroup: ({ params }) => {
      const group = find(data.groups, params.id);
      return { ...group, memberIds: membersOf(data.groups, group.id, data.vms).map((vm) => vm.id) };
    },
    createGroup: ({ body }) => {
      if (data.groups.some((group) => group.name === body.name))
        throw new Refused('name-taken', { what: 'group', field: 'name' });
      const n = state.next();
      const group: Group = { ...body, id: uuid('group', n), num: n, revision: 1, changedAt: new Date().toISOString() };
      data.groups.push(group);
      state.events.emit({ kind: 'changed', what: 'groups' });
      return group;
    },
    updateGroup: ({ params, body: { revision, ...body } }) => {
      const before = find(data.groups, params.id);
      onRevision(before.revision, revision);
      const group = { ...before, ...body, revision: revision + 1, changedAt: new Date().toISOString() };
      data.groups = data.groups.map((g) => (g.id === group.id ? group : g));
      state.events.emit({ kind: 'changed', what: 'groups' });
      return group;
    },
    deleteGroup: ({ params }) => {
      if (data.draft.some((p) => p.rules.some((r) => [...r.from.groupIds, ...r.to.groupIds].includes(params.id))))
        throw new Refused('named-by-rule', { what: 'group', policy: 'x', rule: 'y' });
      data.groups = data.groups.filter((group) => group.id !== params.id);
      state.events.emit({ kind: 'changed', what: 'groups' });
      return undefined;
    },
    listPolicies: ({ query }) => page([...data.draft].sort(byOrder), query),
    getPolicy: ({ params }) => find(data.draft, params.id),
    createPolicy: ({ body }) => {
      const policy: DraftPolicy = {
        ...body,
        id: uuid('policy', state.next()),
        rules: numbered(body.rules),
        revision: 1,
        changedAt: new Date().toISOString(),
        change: 'added',
        ruleChanges: {},
      };
      data.draft.push(policy);
      data.draft.sort(byOrder);
      told();
      return policy;
    },
    updatePolicy: ({ params, body: { revision, ...body } }) => {
      const before = find(data.draft, params.id);
      onRevision(before.revision, revision);
      return replace(changed(before, { ...body, rules: numbered(body.rules) }));
    },
    deletePolicy: ({ params }) => {
      const before = find(data.draft, params.id);
      if (before.change === 'added') {
        data.draft = data.draft.filter((p) => p.id !== before.id);
        told();
      } else replace({ ...before, change: 'removed' });
      return undefined;
    },
    movePolicy: ({ params, body: { before } }) => {
      const moved = find(data.draft, params.id);
      const others = data.draft.filter(({ id, tier }) => tier === moved.tier && id !== moved.id);
      const place = before === undefined ? others.length : others.findIndex(({ id }) => id === before);
      const policies = others
        .toSpliced(place, 0, moved)
        .flatMap((policy, n) => (policy.order === 10 * n ? [] : [replace(changed(policy, { order: 10 * n }))]));
      return { ...changes(...policies), order: data.draft.map(({ id }) => id) };
    },
    moveRule: ({ params, body: { policyId, before } }) => {
      const [source, target] = [
        data.draft.find(({ rules }) => rules.some(({ id }) => id === params.id))!,
        find(data.draft, policyId),
      ];
      if (source.tier !== target.tier)
        throw new Refused('invalid-request', {}, [{ field: 'policyId', code: 'other-tier', params: {} }]);
      const rule = find(source.rules, params.id);
      const others = target.rules.filter(({ id }) => id !== rule.id);
      const place = before === undefined ? others.length : others.findIndex(({ id }) => id === before);
      const put = (policy: DraftPolicy, rules: Rule[]) => replace(changed(policy, { rules }));
      const left =
        source === target
          ? []
          : [
              put(
                source,
                source.rules.filter((one) => one !== rule),
              ),
            ];
      return changes(...left, put(target, others.toSpliced(place, 0, rule)));
    },
    editRules: ({ params, body: { revision, ...patch } }) => {
      const before = find(data.draft, params.id);
      onRevision(before.revision, revision);
      const rules = numbered(patchRules<RuleInput>(before.rules, patch));
      return changes(replace(changed(before, { rules })));
    },
    listDraftChanges: ({ body: { have } }) => {
      const had = new Set(have.map(({ id, revision, change }) => `${id} ${revision} ${change}`));
      const draft = [...data.draft].sort(byOrder);
      const policies = draft.filter(({ id, revision, change }) => !had.has(`${id} ${revision} ${change}`));
      return { ...changes(...policies), order: draft.map(({ id }) => id) };
    },
    getPolicyStatus: () => state.status(),
    publishPolicy: ({ body }) => {
      onRevision(data.policy.draftRevision, body.draftRevision);
      if (draftMistakes(data).length > 0) throw new Refused('invalid-request', {}, draftMistakes(data));
      data.draft = data.draft
        .filter((p) => p.change !== 'removed')
        .map((p) => ({ ...p, change: 'none', ruleChanges: {} }));
      data.published = structuredClone(data.draft);
      const revision = data.policy.publishedRevision + 1;
      const publishedAt = new Date().toISOString();
      Object.assign(data.policy, { publishedRevision: revision, publishedAt, publishedBy: 'admin' });
      data.revisions.unshift({
        revision,
        publishedAt,
        publishedBy: 'admin',
        comment: body.comment,
        rules: data.published.reduce((sum, p) => sum + p.rules.length, 0),
      });
      for (const host of data.hosts) state.changeHost(host.id, { intentRevision: host.intentRevision + 1 });
      told();
      setTimeout(() => {
        for (const host of data.hosts) state.changeHost(host.id, { appliedRevision: host.intentRevision });
        state.events.emit({ kind: 'changed', what: 'policy' });
      }, 400).unref();
      return state.status();
    },
    rollBackPolicy: ({ body }) => {
      const { added, changed, removed } = changesOf(data);
      if (added + changed + removed > 0 && !body.discardDraft)
        throw new Refused('draft-changed', { count: added + changed + removed });
      const publishedRevision = data.policy.publishedRevision + 1;
      const publishedAt = new Date().toISOString();
      data.draft = structuredClone(data.published);
      Object.assign(data.policy, { publishedRevision, publishedAt });
      const rules = data.published.reduce((sum, p) => sum + p.rules.length, 0);
      data.revisions.unshift({
        revision: publishedRevision,
        publishedAt,
        publishedBy: 'admin',
        comment: body.comment,
        rules,
      });
      told();
      return { ...state.status(), skipped: [] };
    },
    discardDraft: () => {
      data.draft = structuredClone(data.published);
      told();
      return state.status();
    },
    analysePolicy: () => {
      const items = demoFindings(data);
      return { items, total: items.length };
    },
    reachPolicy: ({ query }) => {
      if (query.from === 'nobody')
        throw new Refused('invalid-request', {}, [{ field: 'from', code: 'unknown-id', params: { what: 'group' } }]);
      return { items: demoReach(data), more: false };
    },
    policyMatrix: () => demoMatrix(data),
    listRevisions: ({ query }) =>
      page(
        data.revisions.map((revision, n) => ({ ...revision, approval: n === 0 ? [...APPROVAL] : null })),
        query,
      ),
  };
}

const numberedChain = ({ next, ...first }: InspectInput): Inspect => {
  const numbered = (link: Omit<InspectInput, 'next'>) => ({ ...link, groupNum: 1 });
  return { ...numbered(first), ...(next && { next: next.map(numbered) }) };
};
