import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FlowRecord } from '@hypervigil/contract';
import { SYNTHETIC_RULES } from '@hypervigil/model';
import { inspectorPoint, NOBODY } from '@hypervigil/pipeline';
import fc from 'fast-check';
import { createAggregator } from '../src/flows/aggregate.ts';
import { createGatewayLogs } from '../src/flows/gateway-logs.ts';
import type { Sample } from '../src/flows/sample.ts';

const INSPECTING = 200;
const CHAINED = 201;
const GATEWAY_ID = '00000000-0000-4000-8000-000000000012';

const request: Sample = {
  verdict: 'allow',
  direction: 'original',
  point: 'egress',
  ruleNum: 100,
  about: 'verdict',
  protocol: 6,
  srcIp: '10.0.0.1',
  dstIp: '10.0.0.2',
  srcPort: 40_000,
  dstPort: 80,
  srcMac: '52:54:00:00:00:01',
  dstMac: '52:54:00:00:00:02',
  icmpType: null,
  icmpCode: null,
  bytes: 100,
  packets: 2,
  startMs: 1000,
  endMs: 1500,
};
const turn = (s: Sample): Sample => ({
  ...s,
  direction: 'reply',
  srcIp: s.dstIp,
  dstIp: s.srcIp,
  srcPort: s.dstPort,
  dstPort: s.srcPort,
  srcMac: s.dstMac,
  dstMac: s.srcMac,
});
const reply: Sample = { ...turn(request), bytes: 5000, packets: 4, endMs: 1600 };

const aggregator = (options: { maxConnections?: number; idleMs?: number; steady?: () => number } = {}) =>
  createAggregator({
    networkOf: () => 7,
    policyRevision: () => 3,
    linksOf: (rule) => ({ [INSPECTING]: 1, [CHAINED]: 3 })[rule] ?? 0,
    gatewayId: (num) => (num === 12 ? GATEWAY_ID : undefined),
    steady: () => 0,
    ...options,
  });

suite('samples become connections', () => {
  test('both directions are one record, as the end that began sent it', () => {
    const flows = aggregator();
    flows.add(reply);
    flows.add(request);
    flows.add({ ...request, endMs: 1900 });
    const [record, ...rest] = flows.drain(10);
    assert.deepEqual(rest, []);
    assert(record);
    FlowRecord.parse(record);
    const { srcIp, dstPort, bytes, packets, replyBytes, replyPackets, startMs, endMs, net, revision, point } = record;
    assert.deepEqual(
      { srcIp, dstPort, bytes, packets, replyBytes, replyPackets, startMs, endMs, net, revision, point },
      {
        srcIp: '10.0.0.1',
        dstPort: 80,
        bytes: 200,
        packets: 4,
        replyBytes: 5000,
        replyPackets: 4,
        startMs: 1000,
        endMs: 1900,
        net: 7,
        revision: 3,
        point: 'egress',
      },
    );
  });

  test('what was given is not given again, under the same key', () => {
    const flows = aggregator();
    flows.add(request);
    const [first] = flows.drain(10);
    assert.deepEqual(flows.drain(10), []);
    flows.add({ ...request, bytes: 1, packets: 1 });
    const [second] = flows.drain(10);
    assert.equal(second?.key, first?.key);
    assert.deepEqual([second?.bytes, second?.packets], [1, 1]);
  });

  test('an echo reply belongs to the echo request', () => {
    const flows = aggregator();
    const ping: Sample = { ...request, protocol: 1, srcPort: 0, dstPort: 0, icmpType: 8, icmpCode: 0 };
    flows.add(ping);
    flows.add({ ...turn(ping), icmpType: 0 });
    const records = flows.drain(10);
    assert.deepEqual(
      records.map(({ icmpType, replyPackets }) => [icmpType, replyPackets]),
      [[8, 2]],
    );
  });

  test('a denial is a flow of its own', () => {
    const flows = aggregator();
    flows.add(request);
    flows.add({ ...request, verdict: 'deny', ruleNum: 1 });
    const records = flows.drain(10);
    assert.deepEqual(records.map(({ verdict }) => verdict).sort(), ['allow', 'deny']);
    assert.equal(new Set(records.map(({ key }) => key)).size, 2);
  });

  test('what staged rules would say stands in the connection, whichever is heard first, until nothing confirms it', () => {
    let now = 0;
    const flows = aggregator({ steady: () => now });
    const staged: Sample = { ...request, about: 'pending', verdict: 'deny', ruleNum: 777 };
    const drained = () => flows.drain(10).map(({ bytes, pending }) => [bytes, pending]);
    const pending = { verdict: 'deny', rule: 777 };
    flows.add(staged);
    assert.deepEqual(drained(), [], 'it is no connection');
    flows.add(request);
    assert.deepEqual(drained(), [[100, pending]]);
    flows.add({ ...turn(staged) });
    assert.deepEqual(drained(), [], 'that is known');
    flows.add({ ...staged, verdict: 'allow' });
    assert.deepEqual(drained(), [[0, { verdict: 'allow', rule: 777 }]], 'that is news, also when nothing else is');
    now = 59_999;
    flows.add(request);
    assert.deepEqual(drained(), [[100, { verdict: 'allow', rule: 777 }]]);
    now = 60_000;
    flows.add(request);
    assert.deepEqual(drained(), [[100, null]]);
  });

  test('what staged rules would say of another connection is not said of this one', () => {
    const flows = aggregator();
    flows.add({ ...request, about: 'pending', verdict: 'deny', ruleNum: 777, srcPort: 1 });
    flows.add(request);
    assert.deepEqual(
      flows.drain(10).map(({ pending }) => pending),
      [null],
    );
  });

  test('who inspected stands in the connection: a gateway, nobody because the rule fails open, or it was dropped', () => {
    let now = 0;
    const flows = aggregator({ steady: () => now });
    const allowed: Sample = { ...request, ruleNum: INSPECTING };
    const inspected: Sample = { ...request, about: 'inspection', ruleNum: 12 };
    const drained = () =>
      flows.drain(10).map((record) => {
        FlowRecord.parse(record);
        return record.inspection;
      });
    const nothing = { later: [], applications: [], name: null, risks: [], signatures: [], blocked: null };
    const through = { outcome: 'through', gateway: { num: 12, id: GATEWAY_ID }, ...nothing };
    flows.add(allowed);
    assert.deepEqual(drained(), [null], 'nobody has said yet');
    flows.add(turn(inspected));
    assert.deepEqual(drained(), [through]);
    flows.add({ ...inspected, ruleNum: 13 });
    assert.deepEqual(drained(), [{ outcome: 'through', gateway: { num: 13, id: null }, ...nothing }]);
    flows.add({ ...inspected, ruleNum: 0 });
    assert.deepEqual(drained(), [{ outcome: 'bypassed', gateway: null, ...nothing }]);
    flows.add(request);
    assert.deepEqual(drained(), [null], 'another rule that does not inspect');
    flows.add({ ...request, verdict: 'deny', ruleNum: SYNTHETIC_RULES['gateway-down'] });
    assert.deepEqual(drained(), [{ outcome: 'dropped', gateway: null, ...nothing }]);
    now = 60_000;
    flows.add(allowed);
    assert.deepEqual(drained(), [null], 'nothing confirms it any more');
  });

  test('of a chain every gateway stands in the connection that it went through, and that some were left out', () => {
    const flows = aggregator();
    const allowed: Sample = { ...request, ruleNum: CHAINED };
    const at = (link: number, gateway: number): Sample => ({
      ...allowed,
      about: 'inspection',
      ruleNum: inspectorPoint({ link, gateway }),
    });
    const drained = () =>
      flows.drain(10).map((record) => {
        const { outcome, gateway, later } = FlowRecord.parse(record).inspection!;
        return [outcome, [gateway ?? [], later].flat().map(({ num }) => num)];
      });
    flows.add(allowed);
    for (const [link, gateway] of [12, 13, 14].entries()) flows.add(at(link, gateway));
    assert.deepEqual(drained(), [['through', [12, 13, 14]]]);
    flows.add(at(1, NOBODY));
    assert.deepEqual(drained(), [['partly', [12, 14]]]);
    flows.add(turn(at(0, NOBODY)));
    assert.deepEqual(drained(), [['partly', [14]]]);
    flows.add(at(2, NOBODY));
    assert.deepEqual(drained(), [['bypassed', []]]);
    // Of a rule of one group later links say nothing.
    flows.add({ ...request, ruleNum: INSPECTING });
    flows.add(at(0, 12));
    flows.add(at(2, 14));
    assert.deepEqual(drained(), [['through', [12]]]);
  });

  suite('what a gateway says of a connection', () => {
    const allowed: Sample = { ...request, ruleNum: INSPECTING };
    const inspected: Sample = { ...request, about: 'inspection', ruleNum: 12 };
    const recognised = { applications: ['TLS', 'Wikipedia'], name: 'en.wikipedia.org', risks: [24] };
    const { protocol, srcIp, dstIp, srcPort, dstPort } = request;
    const word = { net: 7, protocol, srcIp, dstIp, srcPort, dstPort, recognised, deniedBy: null, blocked: null };
    const facts = ({ verdict, rule, bytes, inspection }: FlowRecord) => [verdict, rule, bytes, inspection?.name];

    test('joins the flow of the switch, whichever is heard first and whoever is taken for its beginner', () => {
      const turned = { ...word, srcIp: dstIp, dstIp: srcIp, srcPort: dstPort, dstPort: srcPort };
      for (const [early, one] of [
        [true, word],
        [false, turned],
      ] as const) {
        const flows = aggregator();
        const isTold = early ? flows.heed(one) : undefined;
        flows.add(allowed);
        flows.add(inspected);
        const told = isTold ?? flows.heed(one);
        assert.equal(told(), false);
        const [record, ...others] = flows.drain(10);
        assert.deepEqual(others, []);
        assert.deepEqual(FlowRecord.parse(record).inspection, {
          ...{ outcome: 'through', gateway: { num: 12, id: GATEWAY_ID }, later: [] },
          ...recognised,
          signatures: [],
          blocked: null,
        });
        assert.equal(told(), true);
      }
    });

    test('is news also when nothing else is; that it ended the connection is a flow of its own, told once', () => {
      const flows = aggregator();
      flows.add(allowed);
      flows.add(inspected);
      flows.drain(10);
      const blocked = { by: 'name', what: '*.wikipedia.org' } as const;
      flows.heed({ ...word, deniedBy: INSPECTING, blocked });
      const records = flows.drain(10).map((record) => FlowRecord.parse(record));
      assert.deepEqual(records.map(facts), [
        ['allow', INSPECTING, 0, recognised.name],
        ['deny', INSPECTING, 0, recognised.name],
      ]);
      assert.deepEqual(
        records.map(({ inspection }) => inspection?.blocked),
        [null, blocked],
      );
      assert.notEqual(records[0]?.key, records[1]?.key);
      flows.heed({ ...word, recognised: null, deniedBy: INSPECTING });
      assert.deepEqual(flows.drain(10).map(facts), [['allow', INSPECTING, 0, recognised.name]]);
    });

    test('of an earlier connection between the same ends, or without a flow, is not said of any, and never told', () => {
      let now = 0;
      const flows = aggregator({ steady: () => now });
      const isTold = flows.heed(word);
      assert.deepEqual(flows.drain(10), []);
      now = 10_000;
      flows.add(allowed);
      flows.add(inspected);
      assert.deepEqual(flows.drain(10).map(facts), [['allow', INSPECTING, 100, null]]);
      assert.equal(isTold(), false);
    });

    test('of copies says what the flow is, whatever its verdict, and ends nothing', () => {
      const flows = aggregator();
      const denied: Sample = { ...request, verdict: 'deny' };
      flows.add(denied);
      const isTold = flows.heed({ ...word, deniedBy: null, copiedTo: 12 });
      const [record, ...others] = flows.drain(10).map((one) => FlowRecord.parse(one));
      assert.deepEqual(others, []);
      const gateway = { num: 12, id: GATEWAY_ID };
      assert.deepEqual(
        [record?.verdict, record?.inspection],
        ['deny', { outcome: 'copied', gateway, later: [], ...recognised, signatures: [], blocked: null }],
      );
      assert.equal(isTold(), true);
      // Who stands in the way of it has the last word.
      flows.add(allowed);
      flows.add(inspected);
      flows.heed({ ...word, deniedBy: INSPECTING });
      flows.heed({ ...word, copiedTo: 13 });
      const both = flows.drain(10).filter(({ rule }) => rule === INSPECTING);
      assert.deepEqual(
        both.map(({ verdict, inspection }) => [verdict, inspection?.outcome, inspection?.gateway?.num]),
        [
          ['allow', 'through', 12],
          ['deny', 'through', 12],
        ],
      );
    });

    test('of its intrusion detection stands in the flow once, as it was seen first, whatever became of the flow', () => {
      const signature = (id: number, at = '2026-01-01T00:00:00.000Z') => ({
        ...{ id, revision: 1, message: `rule ${id}`, category: '', severity: 1, application: null, at },
      });
      const seen = { ...word, recognised: null, copiedTo: 12 };
      for (const outcome of ['copied', 'through'] as const) {
        const flows = aggregator();
        flows.add(outcome === 'copied' ? request : allowed);
        if (outcome === 'through') flows.add(inspected);
        flows.heed({ ...seen, signature: signature(7) });
        flows.heed({ ...seen, signature: signature(7, '2026-01-01T00:00:09.000Z') });
        const isTold = flows.heed({ ...seen, signature: signature(8) });
        const [record, ...others] = flows.drain(10).map((one) => FlowRecord.parse(one));
        assert.deepEqual(others, []);
        assert.equal(record?.inspection?.outcome, outcome);
        assert.deepEqual(record.inspection.signatures, [signature(7), signature(8)]);
        assert.equal(isTold(), true);
        for (let id = 9; id < 99; id++) flows.heed({ ...seen, signature: signature(id) });
        assert.equal(FlowRecord.parse(flows.drain(10)[0]).inspection?.signatures.length, 16);
      }
    });

    test('is said of ICMP by type and code', () => {
      const flows = aggregator();
      const echo = { protocol: 1, srcPort: 0, dstPort: 0, icmpType: 8, icmpCode: 0 };
      flows.add({ ...allowed, ...echo });
      flows.add({ ...inspected, ...echo });
      flows.heed({ ...word, protocol: 1, srcPort: 0, dstPort: 8 * 256 });
      assert.deepEqual(flows.drain(10).map(facts), [['allow', INSPECTING, 100, recognised.name]]);
    });

    test('is acknowledged to the gateway in order, when it is durable or nobody knows the connection', () => {
      let now = 0;
      const flows = aggregator({ steady: () => now });
      const logs = createGatewayLogs({
        aggregator: flows,
        gatewayId: () => GATEWAY_ID,
        steady: () => now,
        now: () => 1_000_000,
      });
      const stored: number[] = [];
      const take = (batch: number, port: number) =>
        logs.take(
          12,
          {
            ...{ type: 'log', batch, nowMs: 2_000_000, flows: [], names: [], alerts: [] },
            sights: [{ ...word, srcPort: port, atMs: 0, copied: false }],
          },
          () => stored.push(batch),
        );
      flows.add(allowed);
      flows.add(inspected);
      take(1, srcPort);
      take(2, 1);
      take(3, srcPort);
      logs.settle();
      assert.deepEqual(stored, [], 'nothing was drained');
      flows.drain(10);
      logs.settle();
      assert.deepEqual(stored, [1], 'the third waits for the second');
      now = 10_000;
      logs.settle();
      assert.deepEqual(stored, [1, 3]);
      for (let batch = 4; batch < 1500; batch++) take(batch, 2);
      assert.ok(logs.takeLost() > 400, 'a gateway that writes too much fills no memory');
    });
  });

  test('memory is bounded: the connection silent for longest is forgotten, and counted if it had something to say', () => {
    const flows = aggregator({ maxConnections: 10 });
    for (let port = 1; port <= 25; port++) flows.add({ ...request, srcPort: port });
    assert.equal(flows.connections, 10);
    assert.equal(flows.takeLost(), 15);
    assert.equal(flows.takeLost(), 0);
    assert.equal(flows.drain(4).length, 4);
    assert.equal(flows.drain(99).length, 6);
  });

  test('silence ends a connection; a clock that jumps does not', () => {
    let now = 0;
    const flows = aggregator({ idleMs: 1000, steady: () => now });
    flows.add(request);
    flows.add({ ...request, startMs: 9e9, endMs: 9e9 });
    const [first] = flows.drain(10);
    now = 999;
    flows.drain(10);
    flows.add({ ...request, startMs: 1, endMs: 1 });
    assert.equal(flows.drain(10)[0]?.key, first?.key);
    now = 1999;
    flows.drain(10);
    assert.equal(flows.connections, 0);
  });

  test('nothing is counted twice or not at all, whatever the order', () => {
    const sample = fc.record({
      turned: fc.boolean(),
      port: fc.integer({ min: 1, max: 5 }),
      bytes: fc.nat(1000),
      drain: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const flows = aggregator();
        let [given, added] = [0, 0];
        const take = (): void => {
          for (const record of flows.drain(3)) given += record.bytes + record.replyBytes;
        };
        for (const { turned, port, bytes, drain } of samples) {
          const one = { ...request, srcPort: port, bytes };
          flows.add(turned ? turn(one) : one);
          added += bytes;
          if (drain) take();
        }
        while (given < added) {
          const before = given;
          take();
          assert(given > before);
        }
        assert.equal(given, added);
      }),
    );
  });
});
