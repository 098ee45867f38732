import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnlimited, RULE_DEFAULTS, type Rule, UNLIMITED } from '@hypervigil/model';
import fc from 'fast-check';
import {
  type CloudState,
  compileIntent,
  createAnalysis,
  equal,
  evaluatePolicies,
  type Finding,
  intentAt,
  type Packet,
} from '../src/index.ts';
import { AT, cloudState, holders, isPossible, packet, runs } from '../src/testing/index.ts';

const packets = fc.array(packet, { minLength: 1, maxLength: 20 });

function findingsOf(cloud: CloudState): Finding[] {
  const steps = createAnalysis(cloud, AT).findings();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const released = (cloud: CloudState): CloudState => ({
  ...cloud,
  vms: cloud.vms.map((vm) => ({ ...vm, quarantined: false })),
});

/** Rules that do nothing beside their verdict. */
const plain = (cloud: CloudState): CloudState =>
  changed(cloud, (rules) =>
    rules.map(({ inspect: _, ...rule }) => ({
      ...rule,
      action: rule.action === 'inspect' ? 'allow' : rule.action === 'reject' ? 'deny' : rule.action,
      log: false,
      logSampling: null,
      mirrorId: null,
      limits: UNLIMITED,
    })),
  );
const isPlain = (cloud: CloudState): boolean => equal(cloud, plain(cloud));

/** All that becomes of a packet. */
function outcomeOf(cloud: CloudState, one: Packet) {
  const { verdict, ruleNum } = evaluatePolicies(cloud, one, AT);
  const { action, inspect, log, logSampling, mirrorId, limits } = {
    ...RULE_DEFAULTS,
    ...rulesOf(cloud).find(({ num }) => num === ruleNum),
  };
  return {
    verdict,
    inspect: inspect ?? null,
    tells: action === 'reject',
    recorded: logSampling ?? 1,
    logs: log,
    copiedTo: mirrorId,
    limitedBy: isUnlimited(limits) ? null : ruleNum,
  };
}

const rulesOf = ({ policies }: CloudState): Rule[] => policies.flatMap(({ rules }) => rules);
const ruleOf = (cloud: CloudState, id: string): Rule => rulesOf(cloud).find((rule) => rule.id === id)!;
const numsOf = (cloud: CloudState, ids: readonly string[]): number[] => ids.map((id) => ruleOf(cloud, id).num);

const changed = (cloud: CloudState, change: (rules: readonly Rule[]) => Rule[]): CloudState => ({
  ...cloud,
  policies: cloud.policies.map((policy) => ({ ...policy, rules: change(policy.rules) })),
});
const without = (cloud: CloudState, id: string): CloudState =>
  changed(cloud, (rules) => rules.filter((rule) => rule.id !== id));
const only = (cloud: CloudState, id: string): CloudState =>
  changed(cloud, (rules) => rules.filter((rule) => rule.id === id));

/** The cloud with two rules alone, in this order. */
const inTurn = (cloud: CloudState, ids: readonly [string, string]): CloudState => ({
  ...cloud,
  policies: ids.flatMap((id, order) =>
    cloud.policies
      .map((policy) => ({ ...policy, id: `${order}`, order, rules: policy.rules.filter((rule) => rule.id === id) }))
      .filter(({ rules }) => rules.length > 0),
  ),
});

const isSpokenOf = (cloud: CloudState, id: string, one: Packet): boolean =>
  evaluatePolicies(
    changed(only(cloud, id), (rules) => rules.map((rule) => ({ ...rule, action: 'deny' }))),
    one,
    AT,
  ).ruleNum === ruleOf(cloud, id).num;

/** Rules that take part in deciding: enabled, in an enabled policy, of somebody that exists, and in force. */
const livingRules = (cloud: CloudState): { readonly id: string }[] =>
  intentAt(compileIntent(cloud, { revision: 0, policyRevision: 0 }), AT).rules.map(({ key }) => ({ id: key }));

const PROOF: Record<Finding['code'], (cloud: CloudState, finding: Finding, some: readonly Packet[]) => void> = {
  shadowed(cloud, { ruleId, otherIds, witness }) {
    assert.ok(witness && isSpokenOf(cloud, ruleId, witness));
    assert.ok(otherIds.length > 0 && !otherIds.includes(ruleId));
    assert.notEqual(evaluatePolicies(cloud, witness, AT).ruleNum, ruleOf(cloud, ruleId).num);
    // Without those in its way it is not shadowed any more.
    const freed = otherIds.reduce(without, cloud);
    const still = findingsOf(freed).find((one) => one.code === 'shadowed' && one.ruleId === ruleId);
    assert.ok(!still || still.otherIds.every((id) => !otherIds.includes(id)));
  },
  redundant(cloud, { ruleId, otherIds, witness, reason }) {
    const rule = ruleOf(cloud, ruleId);
    assert.ok(witness && isSpokenOf(cloud, ruleId, witness));
    if (rule.action !== 'pass') assert.equal(evaluatePolicies(cloud, witness, AT).ruleNum, rule.num);
    const instead = evaluatePolicies(without(cloud, ruleId), witness, AT);
    assert.ok(instead.tier === null ? reason === 'defaults' : numsOf(cloud, otherIds).includes(instead.ruleNum));
  },
  contradictory(cloud, { ruleId, otherIds, witness }) {
    const rule = ruleOf(cloud, ruleId);
    assert.ok(witness && evaluatePolicies(cloud, witness, AT).ruleNum === rule.num);
    const [other] = otherIds.map((id) => ruleOf(cloud, id));
    const opposite = evaluatePolicies(only(cloud, other!.id), witness, AT);
    assert.equal(opposite.ruleNum, other!.num);
    assert.notEqual(opposite.verdict, rule.action);
    // Neither is an exception from the other: whichever comes second still decides something.
    for (const id of otherIds)
      for (const pair of [
        [ruleId, id],
        [id, ruleId],
      ] as const) {
        const parts = [...createAnalysis(inTurn(cloud, pair), AT).reach({ from: {}, to: {} })];
        assert.ok(parts.some((part) => part.ruleId === pair[1]));
      }
  },
  irrelevant(cloud, { ruleId, witness }, some) {
    assert.equal(witness, null);
    for (const one of some.filter((each) => isPossible(cloud, each)))
      assert.notEqual(evaluatePolicies(only(cloud, ruleId), one, AT).ruleNum, ruleOf(cloud, ruleId).num);
  },
  'over-permissive'(cloud, { ruleId, witness }) {
    assert.ok(witness && holders(cloud, witness.network, witness.src).length === 0);
    const decision = evaluatePolicies(cloud, witness, AT);
    assert.deepEqual([decision.verdict, decision.ruleNum], ['allow', ruleOf(cloud, ruleId).num]);
  },
  'missing-log'(cloud, { ruleId, witness }) {
    assert.equal(ruleOf(cloud, ruleId).log, false);
    assert.equal(evaluatePolicies(cloud, witness!, AT).ruleNum, ruleOf(cloud, ruleId).num);
  },
  expired(cloud, { ruleId }, some) {
    const without_ = without(cloud, ruleId);
    for (const one of some) assert.deepEqual(evaluatePolicies(cloud, one, AT), evaluatePolicies(without_, one, AT));
  },
};

test('every finding is proven by evaluation, and what is said to be idle can go', () => {
  fc.assert(
    fc.property(fc.oneof(cloudState, cloudState.map(plain)).map(released), packets, (cloud, some) => {
      const findings = findingsOf(cloud);
      for (const finding of findings) PROOF[finding.code](cloud, finding, some);
      const idle = new Set(
        findings
          .filter(({ code }) => ['shadowed', 'redundant', 'irrelevant'].includes(code))
          .map(({ ruleId }) => ruleId),
      );
      for (const { id } of livingRules(cloud)) {
        const next = without(cloud, id);
        const changes = [...createAnalysis(cloud, AT).compare(next)];
        // What rules do beside their verdict, no comparison of verdicts shows: where they do, one may be needed for that.
        if (isPlain(cloud) || changes.length > 0) assert.equal(changes.length === 0, idle.has(id), `rule ${id}`);
        if (!idle.has(id)) continue;
        for (const one of some.filter((each) => isPossible(cloud, each))) {
          const [before, after] = [outcomeOf(cloud, one), outcomeOf(next, one)];
          assert.deepEqual({ ...after, logs: before.logs }, before);
          assert.ok(after.logs || !before.logs);
        }
      }
    }),
    runs(200),
  );
});

test('a quarantine changes no finding', () => {
  fc.assert(
    fc.property(cloudState, (cloud) => assert.deepEqual(findingsOf(cloud), findingsOf(released(cloud)))),
    runs(50),
  );
});

test('the random world is not dull: it has every kind of finding', () => {
  const seen = new Map<string, number>();
  for (const cloud of fc.sample(cloudState.map(released), { numRuns: 1_500, seed: 7 }))
    for (const { code, reason } of findingsOf(cloud)) {
      const kind = `${code} ${reason}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
  for (const kind of [
    'shadowed same',
    'shadowed opposite',
    'redundant rules',
    'redundant defaults',
    'contradictory order',
    'irrelevant nobody-from',
    'irrelevant nobody-to',
    'irrelevant never-meet',
    'over-permissive every-service',
    'missing-log between-tenants',
    'missing-log from-anywhere',
    'expired time-over',
  ])
    assert.ok((seen.get(kind) ?? 0) > 3, `${kind}: ${seen.get(kind)}`);
});
