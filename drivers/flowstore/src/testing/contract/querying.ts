import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowRow } from '../../flow.ts';
import type { FlowFilter } from '../../store.ts';
import { sampleRow, T0 } from '../sample-flows.ts';
import { type MakeStore, storeWith } from './make-store.ts';

const NO_GATEWAYS: typeof GATEWAYS = [];
const GATEWAYS = [{ gatewayNum: 12, gatewayId: 'gateway-12' }];
const NOTHING = { applications: [], name: null, risks: [], signatures: [], blocked: null };

/** Updates become flows. */
export function querying(makeStore: MakeStore): void {
  test('what comes out is what went in', async (t) => {
    const row = sampleRow({ icmpType: 8, icmpCode: 0, protocol: 1, tier: null, ruleId: null, src: { vmId: null } });
    const store = await storeWith(t, makeStore, [row]);
    const { flows } = await store.query({}, { limit: 10 });
    assert.equal(flows.length, 1);
    const { id, ...flow } = flows[0]!;
    assert.ok(id.length > 0);
    assert.deepEqual(flow, row);
  });

  test('updates of one flow become one flow with their sums', async (t) => {
    const store = await storeWith(t, makeStore, [
      sampleRow({ endMs: T0 + 1000, bytes: 10, packets: 1, replyBytes: 0, replyPackets: 0, tcpFlags: 0x02 }),
      sampleRow({ endMs: T0 + 6000, bytes: 90, packets: 2, replyBytes: 7, replyPackets: 3, tcpFlags: 0x10 }),
    ]);
    const { flows } = await store.query({}, { limit: 10 });
    assert.equal(flows.length, 1);
    const { bytes, packets, replyBytes, replyPackets, tcpFlags, startMs, endMs } = flows[0]!;
    assert.deepEqual(
      { bytes, packets, replyBytes, replyPackets, tcpFlags, startMs, endMs },
      { bytes: 100, packets: 3, replyBytes: 7, replyPackets: 3, tcpFlags: 0x12, startMs: T0, endMs: T0 + 6000 },
    );
  });

  test('a flow says what staged rules last made of it', async (t) => {
    const pending = (verdict: 'allow' | 'deny', ruleNum: number, ruleId: string | null = null) => ({
      ...{ verdict, ruleNum, ruleId, policyId: null },
    });
    const last = pending('deny', 701, 'rule-701');
    const store = await storeWith(t, makeStore, [
      sampleRow({ pending: pending('allow', 700, 'rule-700') }),
      sampleRow({ endMs: T0 + 2000, pending: last }),
      sampleRow({ endMs: T0 + 3000 }),
      sampleRow({ key: 'k2', startMs: T0 + 60_000, pending: pending('allow', 702) }),
      sampleRow({ key: 'k3', startMs: T0 + 120_000 }),
    ]);
    const found = async (filter: FlowFilter) =>
      (await store.query(filter, { limit: 10, order: 'start' })).flows.map(({ key, bytes, pending }) => [
        key,
        bytes,
        pending?.ruleNum ?? null,
      ]);
    const { flows } = await store.query({}, { limit: 10, order: 'start' });
    assert.deepEqual(flows.at(-1)?.pending, last);
    assert.deepEqual(await found({ pending: 'differs' }), [['k1', 3000, 701]], 'with all its updates');
    assert.deepEqual(await found({ pending: 'allow', fromMs: T0, pendingRuleNum: 702 }), [['k2', 1000, 702]]);
    assert.deepEqual(await found({ pendingRuleNum: 703 }), []);
    const { edges } = await store.edges({}, 10);
    assert.deepEqual(
      edges.map(({ flows, pendingFlows }) => [flows, pendingFlows]),
      [[3, 1]],
    );
    assert.deepEqual(
      (await store.series({ pending: 'differs' }, 60_000)).map(({ flows }) => flows),
      [1],
    );
  });

  test('who inspected a flow is what was said last, by whichever of two hosts knows', async (t) => {
    const through = { outcome: 'through', ...GATEWAYS[0]!, gateways: GATEWAYS, ...NOTHING } as const;
    const bypassed = {
      outcome: 'bypassed',
      gatewayNum: null,
      gatewayId: null,
      gateways: NO_GATEWAYS,
      ...NOTHING,
    } as const;
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'a' }),
      sampleRow({ key: 'b', point: 'ingress', hostId: 'host-2', inspection: bypassed }),
      sampleRow({ key: 'b', point: 'ingress', hostId: 'host-2', inspection: through, endMs: T0 + 2000 }),
      sampleRow({ key: 'c', src: { port: 40_001 }, inspection: bypassed }),
      sampleRow({ key: 'd', src: { port: 40_002 } }),
    ]);
    const found = async (filter: FlowFilter) =>
      (await store.query(filter, { limit: 10 })).flows.map(({ key, inspection }) => [key, inspection]).sort();
    assert.deepEqual(await found({}), [
      ['a', through],
      ['c', bypassed],
      ['d', null],
    ]);
    assert.deepEqual(await found({ gatewayId: 'gateway-12' }), [['b', through]]);
    assert.deepEqual(await found({ inspection: 'bypassed', hostId: 'host-1' }), [['c', bypassed]]);
    assert.deepEqual(await found({ inspection: 'dropped' }), []);
  });

  test('every gateway of a chain is kept in order, and finds its flows', async (t) => {
    const later = [
      { gatewayNum: 13, gatewayId: null },
      { gatewayNum: 14, gatewayId: 'gateway-14' },
    ];
    const chain = { outcome: 'through' as const, ...GATEWAYS[0]!, gateways: [...GATEWAYS, ...later], ...NOTHING };
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'a', inspection: chain }),
      sampleRow({ key: 'b', src: { port: 40_001 }, inspection: { ...chain, gateways: GATEWAYS } }),
    ]);
    const found = async (filter: FlowFilter) =>
      (await store.query(filter, { limit: 10 })).flows.map(({ key, inspection }) => [key, inspection?.gateways]).sort();
    assert.deepEqual(await found({ gatewayId: 'gateway-14' }), [['a', chain.gateways]]);
    assert.deepEqual(await found({ gatewayId: 'gateway-12' }), [
      ['a', chain.gateways],
      ['b', GATEWAYS],
    ]);
    assert.deepEqual(await found({ gatewayId: 'way-14' }), []);
  });

  test('what a gateway has recognised is found by application, name and risk', async (t) => {
    const through = { outcome: 'through', ...GATEWAYS[0]!, gateways: GATEWAYS } as const;
    const wiki = {
      ...through,
      applications: ['TLS', 'Wikipedia'],
      name: 'en.wikipedia.org',
      risks: [0, 24, 63],
      signatures: [],
      blocked: null,
    };
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'a', inspection: { ...through, ...NOTHING } }),
      sampleRow({ key: 'a', endMs: T0 + 2000, inspection: wiki }),
      sampleRow({ key: 'a', endMs: T0 + 3000, inspection: { ...through, ...NOTHING } }),
      sampleRow({ key: 'b', inspection: { ...through, ...NOTHING, applications: ['SSH'] } }),
    ]);
    const keys = async (filter: FlowFilter) => (await store.query(filter, { limit: 10 })).flows.map(({ key }) => key);
    const [flow] = (await store.query({ application: 'wikipedia' }, { limit: 10 })).flows;
    assert.deepEqual([flow?.bytes, flow?.inspection], [3000, wiki]);
    assert.deepEqual(await keys({ application: 'tls' }), ['a']);
    assert.deepEqual(await keys({ application: 'wiki' }), []);
    assert.deepEqual(await keys({ name: 'Wikipedia.ORG' }), ['a']);
    for (const risk of [0, 24, 63]) assert.deepEqual(await keys({ risk }), ['a']);
    assert.deepEqual(await keys({ risk: 23 }), []);
    assert.deepEqual(await keys({ application: 'ssh', gatewayId: 'gateway-12' }), ['b']);
  });

  test('what an intrusion detection has seen is kept as it was said last, and found by its number', async (t) => {
    const through = { outcome: 'through', ...GATEWAYS[0]!, gateways: GATEWAYS, ...NOTHING } as const;
    const seen = (id: number, message: string) => ({
      ...{ id, message, revision: 2, category: 'Attempt', severity: 1, application: 'http' },
      at: new Date(T0).toISOString(),
    });
    const [one, other] = [seen(7, 'with "id":8, in its text'), seen(9, '另一个')];
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'a', inspection: { ...through, signatures: [one] } }),
      sampleRow({ key: 'a', endMs: T0 + 2000, inspection: { ...through, signatures: [one, other] } }),
      sampleRow({ key: 'a', endMs: T0 + 3000, inspection: through }),
    ]);
    const found = async (signature: number) =>
      (await store.query({ signature }, { limit: 10 })).flows.map(({ inspection }) => inspection?.signatures);
    for (const id of [7, 9]) assert.deepEqual(await found(id), [[one, other]]);
    for (const id of [0, 8, 79]) assert.deepEqual(await found(id), []);
  });

  test('for what a gateway ended a flow stands beside the flow that it ended', async (t) => {
    const through = { outcome: 'through', ...GATEWAYS[0]!, gateways: GATEWAYS, ...NOTHING } as const;
    const blocked = { by: 'name', what: '*.example.com' } as const;
    const store = await storeWith(t, makeStore, [
      sampleRow({ inspection: through }),
      sampleRow({ key: 'k2', verdict: 'deny', inspection: { ...through, blocked } }),
      sampleRow({ key: 'k2', verdict: 'deny', inspection: through, endMs: T0 + 2000 }),
    ]);
    const { flows } = await store.query({}, { limit: 10 });
    assert.deepEqual(flows.map(({ verdict, inspection }) => [verdict, inspection?.blocked]).sort(), [
      ['allow', null],
      ['deny', blocked],
    ]);
  });

  test('another start, point, host, verdict or rule is another flow', async (t) => {
    const others = [
      { startMs: T0 + 1 },
      { point: 'ingress', startMs: T0 + 60_000 },
      { hostId: 'host-2' },
      { verdict: 'deny' },
      { ruleNum: 7 },
    ];
    const rows = [{}, ...others].map((change) => sampleRow(change as Partial<FlowRow>));
    const store = await storeWith(t, makeStore, rows);
    const { flows } = await store.query({}, { limit: 10 });
    assert.equal(flows.length, rows.length);
    assert.equal(new Set(flows.map(({ id }) => id)).size, rows.length);
  });

  test('a connection that two hosts judge alike is one flow; where they differ, or one saw nothing, each counts', async (t) => {
    const arrival = { point: 'ingress', hostId: 'host-2', startMs: T0 + 300 } as const;
    const store = await storeWith(t, makeStore, [
      sampleRow(),
      sampleRow({ ...arrival, key: 'k2' }),
      sampleRow({ key: 'k3', src: { port: 40_001 } }),
      sampleRow({ ...arrival, key: 'k4', src: { port: 40_001 }, verdict: 'deny', ruleNum: 1 }),
      sampleRow({ ...arrival, key: 'k5', src: { port: 40_002 } }),
    ]);
    const { flows } = await store.query({}, { limit: 10 });
    assert.deepEqual(flows.map(({ key }) => key).toSorted(), ['k1', 'k3', 'k4', 'k5']);
    const { flows: atTarget } = await store.query({ hostId: 'host-2' }, { limit: 10 });
    assert.deepEqual(atTarget.map(({ key }) => key).toSorted(), ['k2', 'k4', 'k5']);
  });

  test('addresses of both families come back in their shortest form', async (t) => {
    const addresses = [
      '0.0.0.0',
      '255.255.255.255',
      '::',
      '::1',
      'fd00::1',
      '2001:db8:0:1::',
      '1:0:0:2::3',
      'fe80::a:b:c:d',
      '',
    ];
    const rows = addresses.map((ip, n) => sampleRow({ key: `k${n}`, src: { ip } }));
    const store = await storeWith(t, makeStore, rows);
    const { flows } = await store.query({}, { limit: 100 });
    assert.equal(flows.length, rows.length);
    for (const { key, src } of flows) assert.equal(src.ip, addresses[Number(key.slice(1))]);
  });
}
