import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ApplicationRule, applicationVerdict, counterName, type Recognised, ruleOfCounter } from '../src/index.ts';

const rule = (num: number, fields: Partial<ApplicationRule>): ApplicationRule => ({
  num,
  action: 'deny',
  applications: null,
  names: null,
  risks: null,
  ...fields,
});
const tls: Recognised = { applications: ['TLS', 'Wikipedia'], name: 'en.Wikipedia.org.', risks: [6] };

test('applications, names and risks are met without regard to case', () => {
  const decide = (fields: Partial<ApplicationRule>) => applicationVerdict([rule(1, fields)], tls)?.num;
  assert.equal(decide({ applications: ['wikipedia'] }), 1);
  assert.equal(decide({ applications: ['BitTorrent'] }), undefined);
  assert.equal(decide({ names: ['en.wikipedia.org'] }), 1);
  assert.equal(decide({ names: ['.wikipedia.org'] }), 1);
  assert.equal(decide({ names: ['.en.wikipedia.org'] }), 1, 'the name itself, too');
  assert.equal(decide({ names: ['wikipedia.org'] }), undefined);
  assert.equal(decide({ names: ['.dia.org'] }), undefined, 'part of a label');
  assert.equal(decide({ risks: [1, 6] }), 1);
  assert.equal(decide({ applications: ['TLS'], names: ['.org'], risks: [6] }), 1);
  assert.equal(decide({ applications: ['TLS'], names: ['.com'] }), undefined, 'all parts must agree');
  assert.equal(applicationVerdict([rule(1, { names: ['.org'] })], { ...tls, name: null }), undefined);
});

test('the first rule that speaks of it decides', () => {
  const rules = [rule(1, { names: ['.org'], action: 'allow' }), rule(2, { applications: ['TLS'] })];
  assert.equal(applicationVerdict(rules, tls)?.action, 'allow');
});

test('a counter names its rule', () => {
  assert.equal(ruleOfCounter(counterName(4_294_967_295)), 4_294_967_295);
  assert.equal(ruleOfCounter('rule_x'), undefined);
});
