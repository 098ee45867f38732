import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IntentBlocks, Recognised } from '@hypervigil/model';
import { compileIntent, evaluate } from '@hypervigil/policy';
import { cloudState, packet, runs } from '@hypervigil/policy/testing';
import fc from 'fast-check';
import { blockedBy, blockedName, counterName, ruleOfCounter, rulesOf } from '../src/index.ts';

const NOTHING: IntentBlocks = { applications: [], names: [], risks: [] };
const TLS: Recognised = { applications: ['TLS', 'Wikipedia'], name: 'en.Wikipedia.org.', risks: [24] };

test('an application, a name without regard to case, or a risk is enough; what it was is told as the rule has it', () => {
  const blocked = (some: Partial<IntentBlocks>, seen = TLS) => blockedBy({ ...NOTHING, ...some }, seen);
  assert.equal(blocked({}), undefined);
  assert.deepEqual(blocked({ applications: ['SSH', 'Wikipedia'] }), { by: 'application', what: 'Wikipedia' });
  assert.equal(blocked({ applications: ['SSH'] }), undefined);
  assert.deepEqual(blocked({ names: ['en.wikipedia.org'] }), { by: 'name', what: 'en.wikipedia.org' });
  assert.deepEqual(blocked({ names: ['*.wikipedia.org'] }), { by: 'name', what: '*.wikipedia.org' });
  for (const other of ['wikipedia.org', '*.en.wikipedia.org', '*.pedia.org', 'org'])
    assert.equal(blocked({ names: [other] }), undefined, other);
  assert.equal(blocked({ names: ['*.org'] }, { ...TLS, name: null }), undefined);
  assert.deepEqual(blocked({ risks: [5, 24] }), { by: 'risk', what: 'tls-missing-sni' });
  assert.deepEqual(blocked({ applications: ['Z39.50'] }, { ...TLS, applications: ['Z39', '50'] })?.what, 'Z39.50');
});

const OPENED = { net: 1, protocol: 6, srcIp: '10.0.0.1', dstIp: '10.0.0.2', dstPort: 443 };

test('the rule that lets a connection through is the one whose blocks count, told or found out', () => {
  const seen = { applications: ['SSH'], name: 'www.example.com', risks: [24] };
  fc.assert(
    fc.property(cloudState, fc.array(packet, { minLength: 5, maxLength: 10 }), (cloud, packets) => {
      const intent = compileIntent(cloud, { revision: 1, policyRevision: 1 });
      const rules = rulesOf(intent);
      for (const { network, src, dst, protocol, port = 0 } of packets) {
        const { ruleNum } = evaluate(intent, { network, src, dst, protocol, port });
        const opened = { net: network, protocol, srcIp: src, dstIp: dst, dstPort: port };
        const blocks = intent.rules.find(({ num }) => num === ruleNum)?.inspect?.blocks;
        const blocked = [6, 17].includes(protocol) && blocks ? blockedBy(blocks, seen) : undefined;
        const end = blocked ? { rule: ruleNum, blocked } : null;
        assert.deepEqual(rules.endOf(opened, seen, undefined), end);
        assert.deepEqual(rules.endOf(opened, seen, ruleNum), end);
        const pattern = blocks && blockedName(blocks, seen.name);
        const refusal = pattern === undefined ? null : { rule: ruleNum, blocked: { by: 'name', what: pattern } };
        assert.deepEqual(rules.refusalOf(opened, seen.name, undefined), refusal);
      }
    }),
    runs(200),
  );
});

test('a resolver that is asked for a blocked name goes on being asked for others', () => {
  const blocks = { applications: ['Wikipedia'], names: ['*.wikipedia.org'], risks: [] };
  const rule = { num: 100, inspect: { group: 1, onFailure: 'closed', blocks } };
  const rules = rulesOf({ rules: [rule] } as unknown as Parameters<typeof rulesOf>[0]);
  const asked = { applications: ['DNS', 'Wikipedia'], name: 'en.wikipedia.org', risks: [] };
  assert.equal(rules.endOf({ ...OPENED, protocol: 17 }, asked, 100), null);
  const spoken = { applications: ['QUIC', 'Wikipedia'], name: 'en.wikipedia.org', risks: [] };
  assert.equal(rules.endOf({ ...OPENED, protocol: 17 }, spoken, 100)?.rule, 100);
});

test('a counter names its rule', () => {
  assert.equal(ruleOfCounter(counterName(4_294_967_295)), 4_294_967_295);
  assert.equal(ruleOfCounter('rule_x'), undefined);
});
