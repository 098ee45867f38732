import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DraftPolicy } from '@hypervigil/contract';
import type { GatewayGroup, Group } from '@hypervigil/model';
import fc from 'fast-check';
import {
  addressSetBody,
  assertionBody,
  directoryOf,
  exportDocument,
  gatewayGroupBody,
  groupBody,
  limitBody,
  makePlan,
  type Plan,
  type PolicyState,
  policyBody,
  readDocument,
  writeDocument,
} from '../src/index.ts';
import { idOf, policyState, runs } from './states.ts';

const EMPTY: PolicyState = {
  draftRevision: 0,
  tenants: [],
  networks: [],
  vms: [],
  groups: [],
  addressSets: [],
  schedules: [],
  namedServices: [],
  gatewayGroups: [],
  assertions: [],
  limits: [],
  mirrors: [],
  policies: [],
};

function read(text: string) {
  const found = readDocument(text);
  assert.ok(found.ok, JSON.stringify(found));
  return found.value;
}

function planOf(text: string, state: PolicyState, prune = false): Plan {
  const plan = makePlan(read(text), state, { prune });
  assert.ok(plan.ok, JSON.stringify(plan));
  return plan.value;
}

/** What the platform does with the calls that a plan leads to; rules keep their ids by name. */
function applied(plan: Plan, state: PolicyState): PolicyState {
  const directory = directoryOf(state);
  const groups = new Map(state.groups.map((one) => [one.id, one]));
  const policies = new Map(state.policies.map((one) => [one.id, one]));
  const schedules = new Map(state.schedules.map((one) => [one.id, one]));
  const namedServices = new Map(state.namedServices.map((one) => [one.id, one]));
  const assertions = new Map(state.assertions.map((one) => [one.id, one]));
  const addressSets = new Map(state.addressSets.map((one) => [one.id, one]));
  const gatewayGroups = new Map(state.gatewayGroups.map((one) => [one.id, one]));
  const limits = new Map(state.limits.map((one) => [one.id, one]));
  const rows = {
    ...{ group: groups, policy: policies, schedule: schedules, service: namedServices, assertion: assertions },
    ...{ 'address-set': addressSets, 'gateway-group': gatewayGroups, limit: limits },
  };
  let next = 1000;
  const changedAt = '2026-02-01T00:00:00Z';
  for (const { kind, id: known, wanted } of plan.changes) {
    const key = kind === 'address-set' ? 'addressSet' : kind === 'gateway-group' ? 'gatewayGroup' : kind;
    const id = known ?? idOf(key, next++);
    if (wanted === null) rows[kind].delete(id);
    else if (kind === 'schedule') {
      schedules.set(id, { id, revision: 1, changedAt, ...wanted });
      if (known === null) directory.add('schedule', { id, name: wanted.name });
    } else if (kind === 'service') {
      namedServices.set(id, { id, revision: 1, changedAt, builtIn: false, ...wanted });
      if (known === null) directory.add('named-service', { id, name: wanted.name });
    } else if (kind === 'address-set') {
      const { entries, excluded, ...fields } = addressSetBody(wanted, directory);
      addressSets.set(id, { id, revision: 1, isFed: false, ...fields, lists: { entries, excluded } });
      if (known === null) directory.add('address-set', { id, name: wanted.name });
    } else if (kind === 'gateway-group') {
      const { maxPerHost, ...body } = gatewayGroupBody(wanted, directory);
      gatewayGroups.set(id, { id, num: 1, revision: 1, changedAt, ...body, maxPerHost: maxPerHost ?? body.perHost });
      if (known === null) directory.add('gateway-group', { id, name: wanted.name });
    } else if (kind === 'limit')
      limits.set(id, { id, num: 1, revision: 1, changedAt, ...limitBody(wanted, directory) });
    else if (kind === 'assertion')
      assertions.set(id, { id, revision: 1, changedAt, ...assertionBody(wanted, directory) });
    else if (kind === 'group') {
      groups.set(id, { id, num: 1, revision: 1, changedAt, ...groupBody(wanted, directory) } as Group);
      if (known === null) directory.add('group', { id, name: wanted.name });
    } else {
      const old = new Map(policies.get(id)?.rules.map((rule) => [rule.name, rule]));
      const body = policyBody(wanted, directory);
      const rules = body.rules.map((rule) => ({ ...rule, id: old.get(rule.name)?.id ?? idOf('rule', next++), num: 1 }));
      policies.set(id, { id, revision: 1, changedAt, change: 'changed', ...body, rules } as DraftPolicy);
    }
  }
  return {
    ...state,
    schedules: [...schedules.values()],
    namedServices: [...namedServices.values()],
    groups: [...groups.values()],
    policies: [...policies.values()],
    assertions: [...assertions.values()],
    addressSets: [...addressSets.values()],
    gatewayGroups: [...gatewayGroups.values()],
    limits: [...limits.values()],
  };
}

test('what was exported changes nothing when it is applied', () => {
  fc.assert(
    fc.property(policyState, fc.boolean(), (state, prune) => {
      const text = writeDocument(exportDocument(state), 'any comment\nof two lines');
      assert.deepEqual(planOf(text, state, prune).changes, []);
    }),
    runs(50),
  );
});

test('a document that was applied is what is exported then, whatever was there; again, it changes nothing', () => {
  fc.assert(
    fc.property(policyState, policyState, (before, other) => {
      // The cloud is one: only what a document defines differs.
      const { schedules, groups, policies } = other;
      // Without the section nothing is said of them, as of schedules and services: there are always some.
      const { assertions, limits, gatewayGroups } = other;
      const [builtIn, own] = [before.namedServices[0]!, other.namedServices[1]!];
      const namedServices = own.name === builtIn.name ? before.namedServices : [builtIn, own];
      const [fed, list] = [before.addressSets[0]!, other.addressSets[1]!];
      const addressSets = list.name === fed.name ? before.addressSets : [fed, list];
      const written = { schedules, namedServices, addressSets, gatewayGroups, groups, policies, assertions, limits };
      const after = { ...before, ...written };
      const text = writeDocument(exportDocument(after));
      const result = applied(planOf(text, before, true), before);
      assert.equal(writeDocument(exportDocument(result)), text);
      assert.deepEqual(planOf(text, result, true).changes, []);
    }),
    runs(50),
  );
});

test('without prune, what the document does not name stays', () => {
  fc.assert(
    fc.property(policyState, (state) => {
      const plan = planOf('apiVersion: hypervigil/v1\nkind: PolicySet\n', state);
      assert.deepEqual(plan.changes, []);
    }),
    runs(50),
  );
});

const gatewaysOf = (num: number, name: string): GatewayGroup => ({
  ...{ id: idOf('gatewayGroup', num), num, name, description: '', tenantId: null, perHost: 1, maxPerHost: 1 },
  ...{ vcpus: 1, memoryMiB: 320, detect: true, revision: 4, changedAt: '2026-01-01T00:00:00Z' },
});

const INSPECTING = `apiVersion: hypervigil/v1
kind: PolicySet
policies:
  - name: p
    tier: platform
    order: 1
    rules:
      - name: r
        action: inspect
        inspect: { gatewayGroup: edge, onFailure: open }
`;

test('a document without their sections deletes no schedules and services, and none defines a built-in one', () => {
  fc.assert(
    fc.property(policyState, (state) => {
      const kinds = planOf('apiVersion: hypervigil/v1\nkind: PolicySet\n', state, true).changes.map(({ kind }) => kind);
      assert.ok(!kinds.includes('schedule') && !kinds.includes('service'));
    }),
    runs(20),
  );
  const ssh = { id: idOf('service', 1), name: 'ssh', description: '', revision: 0, changedAt: '2026-01-01T00:00:00Z' };
  const state = {
    ...EMPTY,
    namedServices: [{ ...ssh, builtIn: true, services: [{ protocol: 'tcp' as const, ports: ['22'] }] }],
  };
  const text =
    'apiVersion: hypervigil/v1\nkind: PolicySet\nservices:\n  - { name: ssh, services: [{ protocol: tcp }] }\n';
  const made = makePlan(read(text), state, { prune: false });
  assert.ok(!made.ok);
  assert.deepEqual(
    made.mistakes.map(({ line, field, code }) => `${line} ${field} ${code}`),
    ['4 services.0.name name-taken'],
  );
});

test('a rule that inspects says through which gateways, by their name', () => {
  const edge = gatewaysOf(1, 'edge');
  const ids = gatewaysOf(2, 'ids');
  const state: PolicyState = { ...EMPTY, gatewayGroups: [edge, ids] };
  const [change] = planOf(INSPECTING, state).changes;
  assert.ok(change?.kind === 'policy' && change.wanted);
  const [rule] = policyBody(change.wanted, directoryOf(state)).rules;
  assert.deepEqual(rule?.inspect, { groupId: edge.id, onFailure: 'open' });

  const chained = (second: string) =>
    INSPECTING.replace('open }', `open, next: [{ gatewayGroup: ${second}, onFailure: closed }] }`);
  const [chain] = planOf(chained('ids'), state).changes;
  assert.ok(chain?.kind === 'policy' && chain.wanted);
  assert.deepEqual(policyBody(chain.wanted, directoryOf(state)).rules[0]?.inspect, {
    ...{ groupId: edge.id, onFailure: 'open' },
    next: [{ groupId: ids.id, onFailure: 'closed' }],
  });

  const mistakes = (text: string) => {
    const made = makePlan(read(text), state, { prune: false });
    return made.ok ? [] : made.mistakes.map(({ line, column, field, code }) => `${line}:${column} ${field} ${code}`);
  };
  assert.deepEqual(mistakes(chained('sdi')), ['10:66 policies.0.rules.0.inspect.next.0.gatewayGroup unknown-name']);
  assert.deepEqual(mistakes(chained('edge')), ['10:66 policies.0.rules.0.inspect.next.0.gatewayGroup twice']);
  assert.deepEqual(mistakes(INSPECTING.replace('edge', 'egde')), [
    '10:20 policies.0.rules.0.inspect.gatewayGroup unknown-name',
  ]);
  assert.deepEqual(mistakes(INSPECTING.replace(/ {8}inspect: .*\n/, '')), ['8:9 policies.0.rules.0.inspect missing']);
  assert.deepEqual(mistakes(INSPECTING.replace('action: inspect', 'action: allow')), [
    '10:9 policies.0.rules.0.inspect unknown-field',
  ]);
});

const MIRRORED = `apiVersion: hypervigil/v1
kind: PolicySet
policies:
  - name: p
    tier: tenant
    tenant: acme
    order: 1
    rules:
      - name: r
        action: allow
        mirror: tap
`;

test('a rule says by its name which mirror gets copies: one of its own tenant, and only of what passes', () => {
  const tenant = (n: number, name: string) => ({
    ...{ id: idOf('tenant', n), num: n, name, description: '', intraTenant: 'allow' as const },
    createdAt: '2026-01-01T00:00:00Z',
  });
  const state: PolicyState = {
    ...EMPTY,
    tenants: [tenant(1, 'acme'), tenant(2, 'globex')],
    mirrors: [1, 2].map((n) => ({
      id: idOf('mirror', n),
      name: ['tap', 'theirs'][n - 1]!,
      tenantId: idOf('tenant', n),
    })),
  };
  const [change] = planOf(MIRRORED, state).changes;
  assert.ok(change?.kind === 'policy' && change.wanted);
  assert.equal(policyBody(change.wanted, directoryOf(state)).rules[0]?.mirrorId, idOf('mirror', 1));

  const mistakes = (text: string) => {
    const made = makePlan(read(text), state, { prune: false });
    return made.ok ? [] : made.mistakes.map(({ line, column, field, code }) => `${line}:${column} ${field} ${code}`);
  };
  const at = '11:9 policies.0.rules.0.mirror';
  assert.deepEqual(mistakes(MIRRORED.replace('mirror: tap', 'mirror: pat')), [`${at} unknown-name`]);
  assert.deepEqual(mistakes(MIRRORED.replace('mirror: tap', 'mirror: theirs')), [`${at} foreign-mirror`]);
  assert.deepEqual(mistakes(MIRRORED.replace('action: allow', 'action: deny')), [`${at} unknown-field`]);
});

test('an address set says which of its entries is none; one that a feed fills is named and never written', () => {
  const text = `apiVersion: hypervigil/v1
kind: PolicySet
addressSets:
  - name: partners
    entries: [192.0.2.0/24, 192.0.2.9-192.0.2.1]
    excluded: [nobody]
  - { name: known bad, entries: [192.0.2.1] }
policies:
  - name: p
    tier: platform
    order: 1
    rules:
      - { name: r, action: deny, to: { addressSets: [partners, known bad] } }
`;
  const feed = {
    id: idOf('addressSet', 1),
    name: 'known bad',
    tenantId: null,
    description: '',
    isFed: true,
    revision: 1,
  };
  const state: PolicyState = { ...EMPTY, addressSets: [feed] };
  const made = makePlan(read(text), state, { prune: true });
  assert.ok(!made.ok);
  assert.deepEqual(
    made.mistakes.map(({ line, field, code }) => `${line} ${field} ${code}`),
    [
      '5 addressSets.0.entries.1 range-backwards',
      '6 addressSets.0.excluded.0 wrong-format',
      '7 addressSets.1.name name-taken',
    ],
  );
  const right = text
    .replace(', 192.0.2.9-192.0.2.1', '')
    .replace('nobody', '')
    .replace(/ {2}- \{ name: known bad.*\n/, '');
  const changes = planOf(right, state, true).changes.map(({ kind, action, name }) => `${kind} ${action} ${name}`);
  assert.deepEqual(changes, ['address-set create partners', 'policy create p']);
  assert.equal(exportDocument(state).addressSets, undefined);
});

test('a group of gateways that only a file defines can be named by its rules, and grows with load or does not', () => {
  const defining = (fields: string) =>
    `${INSPECTING}gatewayGroups:\n  - { name: edge, perHost: 2, vcpus: 1, memoryMiB: 320, detect: true${fields} }\n`;
  const kinds = (text: string, state: PolicyState) =>
    planOf(text, state).changes.map((one) => `${one.action} ${one.kind}`);
  assert.deepEqual(kinds(defining(''), EMPTY), ['create gateway-group', 'create policy']);
  const there: PolicyState = { ...EMPTY, gatewayGroups: [{ ...gatewaysOf(1, 'edge'), perHost: 2, maxPerHost: 2 }] };
  assert.deepEqual(kinds(defining(''), there), ['create policy']);
  assert.deepEqual(kinds(defining(', maxPerHost: 2'), there), ['create policy']);
  assert.deepEqual(kinds(defining(', maxPerHost: 4'), there), ['update gateway-group', 'create policy']);
  const made = makePlan(read(defining(', maxPerHost: 1')), EMPTY, { prune: false });
  assert.ok(!made.ok);
  assert.deepEqual(
    made.mistakes.map(({ field, code }) => `${field} ${code}`),
    ['gatewayGroups.0.maxPerHost too-low'],
  );
});
