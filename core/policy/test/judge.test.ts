import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileIntent, createJudge, evaluate } from '../src/index.ts';
import { cloudState, packet, runs } from '../src/testing/index.ts';

test('the judge of many packets says of each what the slow definition says', () => {
  fc.assert(
    fc.property(cloudState, fc.array(packet, { minLength: 1, maxLength: 20 }), (cloud, packets) => {
      const intent = compileIntent(cloud, { revision: 1, policyRevision: 1 });
      const judge = createJudge(intent);
      for (const one of packets) assert.deepEqual(judge(one), evaluate(intent, one));
    }),
    runs(1500),
  );
});
