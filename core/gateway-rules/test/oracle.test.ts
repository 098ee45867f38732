import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostIntent, IntentRule } from '@hypervigil/model';
import { compileIntent, evaluate, intentAt } from '@hypervigil/policy';
import { AT, cloudState, packet, runs } from '@hypervigil/policy/testing';
import fc from 'fast-check';
import {
  type ConnectionMark,
  compileGateway,
  counterName,
  decodeMark,
  encodeMark,
  GENERATIONS,
  SLOTS,
} from '../src/index.ts';
import { runRuleset, type Seen } from './machine.ts';

const LANES = [
  { vlan: 100, network: 1 },
  { vlan: null, network: 2 },
];
const rulesetOf = (intent: HostIntent, generation: number) =>
  compileGateway({ intent, lanes: LANES, generation, slotOf: (rule) => rule, detect: true, pickup: true });

/** What asks for a name by a rule that blocks names waits until it is read. */
const isHeld = ({ protocol, port }: Seen['opened'], rule: IntentRule | undefined) =>
  protocol === 17 && port === 53 && (rule?.inspect?.blocks?.names.length ?? 0) > 0;

const seen = (opened: Seen['opened'], mark = 0): Seen => ({
  vlan: LANES.find(({ network }) => network === opened.network)!.vlan,
  opened,
  port: 'left',
  direction: 'original',
  state: mark === 0 ? 'new' : 'established',
  mark,
});

test('a gateway decides as the evaluator does, by the same rule, and counts it', () => {
  fc.assert(
    fc.property(cloudState, fc.array(packet, { minLength: 10, maxLength: 20 }), (cloud, packets) => {
      const intent = intentAt(compileIntent(cloud, { revision: 1, policyRevision: 1 }), AT);
      const ruleset = rulesetOf(intent, 7);
      for (const one of packets) {
        const { verdict, ruleNum } = evaluate(intent, one);
        const outcome = runRuleset(ruleset, seen(one));
        const rule = intent.rules.find(({ num }) => num === ruleNum);
        assert.equal(outcome.verdict, verdict !== 'allow' ? 'drop' : isHeld(one, rule) ? 'queue' : 'accept');
        assert.deepEqual(decodeMark(outcome.mark), { generation: 7, verdict, slot: ruleNum });
        assert.equal(outcome.counted.at(-1), counterName(ruleNum));
      }
    }),
    runs(300),
  );
});

test('of which end conntrack has seen a connection first makes no difference, nor which way a packet of it goes', () => {
  const WAYS = [
    { port: 'left', direction: 'original' },
    { port: 'right', direction: 'reply' },
    { port: 'left', direction: 'reply' },
    { port: 'right', direction: 'original' },
  ] as const;
  fc.assert(
    fc.property(
      cloudState,
      packet.filter(({ icmp }) => icmp === undefined),
      (cloud, one) => {
        const intent = compileIntent(cloud, { revision: 1, policyRevision: 1 });
        const ruleset = rulesetOf(intent, 7);
        const outcomes = WAYS.map((way) => runRuleset(ruleset, { ...seen(one), ...way }));
        for (const { verdict, ...rest } of outcomes) {
          const { verdict: first, ...others } = outcomes[0]!;
          assert.deepEqual(rest, others);
          // Questions are held, answers are not.
          assert.equal(verdict === 'drop', first === 'drop');
        }
      },
    ),
    runs(100),
  );
});

test('a connection keeps its verdict while the rules stand, and is judged anew after they changed', () => {
  fc.assert(
    fc.property(cloudState, cloudState, packet, (before, after, one) => {
      const [first, second] = [before, after].map((cloud) => compileIntent(cloud, { revision: 1, policyRevision: 1 }));
      const { mark, verdict } = runRuleset(rulesetOf(first!, 1), seen(one));
      const again = runRuleset(rulesetOf(first!, 1), seen(one, mark));
      assert.deepEqual(again, { verdict, mark, counted: [] }, 'judged once');
      const changed = runRuleset(rulesetOf(second!, 2), seen(one, mark));
      const { verdict: wanted, ruleNum } = evaluate(second!, one);
      assert.equal(changed.verdict !== 'drop', wanted === 'allow');
      assert.deepEqual(decodeMark(changed.mark), { generation: 2, verdict: wanted, slot: ruleNum });
    }),
    runs(300),
  );
});

test('a connection that was ended stays so, whatever rules come, until its mark is taken away', () => {
  fc.assert(
    fc.property(cloudState, cloudState, packet, (before, after, one) => {
      const [first, second] = [before, after].map((cloud) => compileIntent(cloud, { revision: 1, policyRevision: 1 }));
      const { mark } = runRuleset(rulesetOf(first!, 1), seen(one));
      const ended = encodeMark({ ...decodeMark(mark)!, verdict: 'deny', ended: true });
      for (const ruleset of [rulesetOf(first!, 1), rulesetOf(second!, 2)])
        assert.deepEqual(runRuleset(ruleset, seen(one, ended)), { verdict: 'drop', mark: ended, counted: [] });
    }),
    runs(100),
  );
});

test('without rules, on an unknown network, and for what conntrack cannot place nothing passes', () => {
  const empty: HostIntent = {
    revision: 1,
    policyRevision: 1,
    networks: [],
    tenants: [],
    vnics: [],
    sets: [],
    rules: [],
    staged: [],
    limits: [],
  };
  const one = { network: 1, src: '10.0.0.1', dst: '10.0.0.2', protocol: 6, port: 80 };
  const ruleset = rulesetOf(empty, 1);
  assert.equal(runRuleset(ruleset, seen(one)).verdict, 'drop');
  assert.equal(runRuleset(ruleset, { ...seen(one), vlan: 7 }).verdict, 'drop');
  const allowed = encodeMark({ generation: 1, verdict: 'allow', slot: 1 });
  assert.equal(runRuleset(ruleset, { ...seen(one, allowed), state: 'invalid' }).verdict, 'drop');
  assert.equal(
    runRuleset(ruleset, { ...seen(one), state: 'related' }).verdict,
    'drop',
    'of a connection not yet judged',
  );
  assert.equal(runRuleset(ruleset, { ...seen(one, allowed), state: 'related' }).verdict, 'accept');
});

test('marks hold what was put into them, and no other', () => {
  const mark: fc.Arbitrary<ConnectionMark> = fc.record(
    {
      generation: fc.integer({ min: 1, max: GENERATIONS - 1 }),
      verdict: fc.constantFrom('allow', 'deny'),
      slot: fc.integer({ min: 0, max: SLOTS - 1 }),
      ended: fc.constant(true as const),
    },
    { noNullPrototype: true, requiredKeys: ['generation', 'verdict', 'slot'] },
  );
  fc.assert(fc.property(mark, (one) => assert.deepEqual(decodeMark(encodeMark(one)), one)));
  assert.equal(decodeMark(0), undefined);
  assert.throws(() => encodeMark({ generation: GENERATIONS, verdict: 'allow', slot: 0 }), RangeError);
  assert.throws(() => encodeMark({ generation: 1, verdict: 'allow', slot: SLOTS }), RangeError);
});
