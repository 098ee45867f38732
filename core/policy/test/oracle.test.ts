import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostIntent } from '@hypervigil/model';
import fc from 'fast-check';
import {
  compileIntent,
  evaluate,
  evaluatePending,
  evaluatePendingPolicies,
  evaluatePolicies,
  intentAt,
  nextTurn,
} from '../src/index.ts';
import { AT, cloudState, instant, packet, runs, stagedState } from '../src/testing/index.ts';

const STAMP = { revision: 1, policyRevision: 1 };

test('the neutral rule set says of every packet what the policies say', () => {
  fc.assert(
    fc.property(
      fc.oneof(cloudState, stagedState),
      fc.array(packet, { minLength: 1, maxLength: 20 }),
      instant,
      (cloud, packets, at) => {
        const intent = intentAt(compileIntent(cloud, STAMP), at);
        for (const one of packets) {
          assert.deepEqual(evaluate(intent, one), evaluatePolicies(cloud, one, at));
          assert.deepEqual(evaluatePending(intent, one), evaluatePendingPolicies(cloud, one, at));
        }
      },
    ),
    runs(1500),
  );
});

test('what is in force stays so until the next turn, and is another from then on', () => {
  fc.assert(
    fc.property(cloudState, instant, (cloud, at) => {
      const intent = compileIntent(cloud, STAMP);
      const rulesAt = (time: number) => {
        const { rules, staged } = intentAt(intent, new Date(time));
        return { rules, staged };
      };
      const turn = nextTurn(intent, at);
      const last = turn?.getTime() ?? Date.parse('2100-01-01T00:00:00Z');
      assert.deepEqual(rulesAt(last - 1), rulesAt(at.getTime()));
      if (turn) assert.notDeepEqual(rulesAt(last), rulesAt(at.getTime()));
    }),
    runs(500),
  );
});

test('the document satisfies its schema', () => {
  fc.assert(
    fc.property(cloudState, (cloud) => {
      const intent = compileIntent(cloud, STAMP);
      assert.deepEqual(HostIntent.parse(intent), intent);
    }),
    runs(200),
  );
});

test('the random world is not dull: it decides in every way', () => {
  const seen = new Map<string, number>();
  const packets = fc.array(packet, { minLength: 8, maxLength: 8 });
  for (const [cloud, some] of fc.sample(fc.tuple(cloudState, packets), { numRuns: 1500, seed: 7 })) {
    for (const one of some) {
      const { verdict, ruleNum, tier } = evaluatePolicies(cloud, one, AT);
      const way = tier ? `${tier} ${verdict}` : `default ${ruleNum}`;
      seen.set(way, (seen.get(way) ?? 0) + 1);
    }
  }
  for (const way of ['emergency', 'platform', 'tenant', 'baseline'].flatMap((t) => [`${t} allow`, `${t} deny`]))
    assert.ok((seen.get(way) ?? 0) > 10, `${way}: ${seen.get(way)}`);
  for (const num of [1, 4, 5]) assert.ok((seen.get(`default ${num}`) ?? 0) > 10, `default ${num}`);
});

test('nor is it where half of the rules are staged', () => {
  const seen = new Map<string, number>();
  const packets = fc.array(packet, { minLength: 8, maxLength: 8 });
  for (const [cloud, some] of fc.sample(fc.tuple(stagedState, packets), { numRuns: 2500, seed: 7 })) {
    for (const one of some) {
      const pending = evaluatePendingPolicies(cloud, one, AT);
      const way = `${pending?.verdict} for ${evaluatePolicies(cloud, one, AT).verdict}`;
      seen.set(way, (seen.get(way) ?? 0) + 1);
    }
  }
  for (const way of ['allow for deny', 'deny for allow', 'allow for allow', 'deny for deny'])
    assert.ok((seen.get(way) ?? 0) > 5, `${way}: ${seen.get(way)}`);
});
