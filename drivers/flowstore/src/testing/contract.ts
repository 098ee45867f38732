import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import { FlowStoreError } from '../errors.ts';
import type { FlowRow } from '../flow.ts';
import type { NameRow } from '../name.ts';
import type { FlowFilter, FlowStore, NameFilter } from '../store.ts';
import { sampleRow, T0 } from './sample-flows.ts';

/** Makes an empty store; the maker closes and removes it after the test. */
export type MakeStore = (t: TestContext) => Promise<FlowStore>;

/** What every engine of the flow store must do. Call it from the engine's test file. */
export function flowStoreContract(name: string, makeStore: MakeStore): void {
  describe(`flow store: ${name}`, () => {
    appending(makeStore);
    querying(makeStore);
    filtering(makeStore);
    paging(makeStore);
    mapping(makeStore);
    talking(makeStore);
    forgetting(makeStore);
  });
}

async function storeWith(t: TestContext, makeStore: MakeStore, rows: readonly FlowRow[]): Promise<FlowStore> {
  const store = await makeStore(t);
  await store.append('batch', rows);
  return store;
}

function appending(makeStore: MakeStore): void {
  test('a batch is stored once, however often it comes', async (t) => {
    const store = await makeStore(t);
    assert.deepEqual(await store.append('b1', [sampleRow()]), { stored: true });
    assert.deepEqual(await store.append('b1', [sampleRow(), sampleRow({ key: 'k2' })]), { stored: false });
    assert.equal((await store.stats()).rows, 1);
  });

  test('of equal batches sent at once, one is stored', async (t) => {
    const store = await makeStore(t);
    const results = await Promise.all(Array.from({ length: 20 }, () => store.append('b1', [sampleRow()])));
    assert.equal(results.filter(({ stored }) => stored).length, 1);
    assert.equal((await store.stats()).rows, 1);
  });

  test('a batch with one bad row is refused whole, and its neighbours are stored', async (t) => {
    const store = await makeStore(t);
    const good = store.append('good', [sampleRow()]);
    const bad = [sampleRow(), sampleRow({ src: { port: 65_536 } })];
    await assert.rejects(store.append('bad', bad), { code: 'FLOWSTORE_BAD_ROW' });
    for (const row of [sampleRow({ bytes: 1.5 }), sampleRow({ bytes: -1 }), sampleRow({ dst: { ip: '10.0.0.300' } })]) {
      await assert.rejects(store.append('bad', [row]), { code: 'FLOWSTORE_BAD_ROW' });
    }
    await good;
    assert.equal((await store.stats()).rows, 1);
  });

  test('an empty batch and one of many rows are stored', async (t) => {
    const store = await makeStore(t);
    assert.deepEqual(await store.append('empty', []), { stored: true });
    const many = Array.from({ length: 5000 }, (_, index) => sampleRow({ key: `k${index}` }));
    await store.append('many', many);
    assert.equal((await store.stats()).rows, 5000);
  });

  test('a closed store says so', async (t) => {
    const store = await makeStore(t);
    const pending = store.append('b1', [sampleRow()]);
    await store.close();
    assert.deepEqual(await pending, { stored: true });
    await assert.rejects(store.append('b2', []), { code: 'FLOWSTORE_CLOSED' });
    await assert.rejects(store.query({}, { limit: 1 }), { code: 'FLOWSTORE_CLOSED' });
  });
}

function querying(makeStore: MakeStore): void {
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
    const nothing = { applications: [], name: null, risks: [] };
    const through = { outcome: 'through', gatewayNum: 12, gatewayId: 'gateway-12', ...nothing } as const;
    const bypassed = { outcome: 'bypassed', gatewayNum: null, gatewayId: null, ...nothing } as const;
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

  test('what a gateway has recognised is found by application, name and risk', async (t) => {
    const through = { outcome: 'through', gatewayNum: 12, gatewayId: 'gateway-12' } as const;
    const wiki = { ...through, applications: ['TLS', 'Wikipedia'], name: 'en.wikipedia.org', risks: [0, 24, 63] };
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'a', inspection: { ...through, applications: [], name: null, risks: [] } }),
      sampleRow({ key: 'a', endMs: T0 + 2000, inspection: wiki }),
      sampleRow({ key: 'a', endMs: T0 + 3000, inspection: { ...through, applications: [], name: null, risks: [] } }),
      sampleRow({ key: 'b', inspection: { ...through, applications: ['SSH'], name: null, risks: [] } }),
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
    ];
    const rows = addresses.map((ip) => sampleRow({ key: ip, src: { ip } }));
    const store = await storeWith(t, makeStore, [...rows, sampleRow({ key: '', src: { ip: '' } })]);
    const { flows } = await store.query({}, { limit: 100 });
    for (const flow of flows) assert.equal(flow.src.ip, flow.key);
  });
}

/** Each line: what the filter says, and the keys of the flows that it lets through. */
const FILTERS: readonly (readonly [string, FlowFilter, string])[] = [
  ['nothing', {}, 'web dns ext deny'],
  ['from', { fromMs: T0 + 3000 }, 'ext deny'],
  ['until', { toMs: T0 + 3000 }, 'web dns'],
  ['one VM, either end', { vmId: 'vm-c' }, 'dns'],
  ['two VMs, whichever began', { vmId: 'vm-b', peerVmId: 'vm-a' }, 'web deny'],
  ['what a tenant may see', { tenants: ['blue'] }, 'dns'],
  ['what two may see', { tenants: ['blue', 'red'] }, 'web dns ext deny'],
  ['what nobody may see', { tenants: [] }, ''],
  ['a tenant', { tenantId: 'blue' }, 'dns'],
  ['a host', { hostId: 'host-2' }, 'ext'],
  ['a network', { networkId: 'net-2' }, 'dns'],
  ['a protocol', { protocol: 17 }, 'dns'],
  ['a port, either end', { port: 53 }, 'dns'],
  ['a verdict', { verdict: 'deny' }, 'deny'],
  ['a rule', { ruleId: 'rule-7' }, 'deny'],
  ["a rule's number", { ruleNum: 7 }, 'deny'],
  ['not some rules', { exceptRuleNums: [7, 8] }, 'web dns ext'],
  ['one of some VMs', { vmIds: ['vm-c', 'vm-x'] }, 'dns'],
  ['one of no VMs', { vmIds: [] }, ''],
  ['an address', { address: '10.0.0.9' }, 'dns'],
  ['a prefix', { address: '198.51.100.0/24' }, 'ext'],
  ['the beginning of an address', { address: '198.51.' }, 'ext'],
  ['an IPv6 prefix', { address: '2001:db8::/32' }, 'deny'],
  ['an IPv4 prefix of everything', { address: '0.0.0.0/0' }, 'web dns ext deny'],
  ['text that is an address', { text: '10.0.0.9' }, 'dns'],
  ['text in an id', { text: 'VM-C' }, 'dns'],
  ['text in a MAC', { text: '00:00:0c' }, 'dns'],
  ['several at once', { vmId: 'vm-a', verdict: 'allow', protocol: 6 }, 'web ext'],
  ['text that looks like SQL', { text: "' OR 1=1 --" }, ''],
  ['a wildcard is no wildcard', { text: '%' }, ''],
];

function filtering(makeStore: MakeStore): void {
  test('filters', async (t) => {
    const vmC = { vmId: 'vm-c', vnicId: 'vnic-c', tenantId: 'blue', ip: '10.0.0.9', mac: '52:54:00:00:00:0c' };
    const outside = { vmId: null, vnicId: null, tenantId: null, mac: null };
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'web', endMs: T0 + 1000 }),
      sampleRow({ key: 'dns', endMs: T0 + 2000, protocol: 17, networkId: 'net-2', dst: { ...vmC, port: 53 } }),
      sampleRow({ key: 'ext', endMs: T0 + 3000, hostId: 'host-2', dst: { ...outside, ip: '198.51.100.4' } }),
      sampleRow({
        key: 'deny',
        endMs: T0 + 4000,
        verdict: 'deny',
        ruleNum: 7,
        ruleId: 'rule-7',
        src: { ip: '2001:db8::7' },
      }),
    ]);
    for (const [what, filter, expected] of FILTERS) {
      const { flows } = await store.query(filter, { limit: 100, order: 'last' });
      assert.deepEqual(flows.map(({ key }) => key).sort(), expected.split(' ').filter(Boolean).sort(), what);
    }
  });

  test('a filter that makes no sense is refused', async (t) => {
    const store = await makeStore(t);
    for (const address of ['10.0.0.0/33', 'fd00::/129', '300.1.1.1', '10.0.0', 'x', '10.0.0.0/8/8']) {
      await assert.rejects(store.query({ address }, { limit: 1 }), { code: 'FLOWSTORE_BAD_FILTER' }, address);
    }
    for (const limit of [0, -1, 1.5, 100_001, Number.NaN]) {
      await assert.rejects(store.query({}, { limit }), { code: 'FLOWSTORE_BAD_FILTER' });
    }
    await assert.rejects(store.series({}, 0), { code: 'FLOWSTORE_BAD_FILTER' });
  });
}

function paging(makeStore: MakeStore): void {
  test('pages in every order cover everything once, with equal values too', async (t) => {
    const rows = Array.from({ length: 25 }, (_, index) =>
      sampleRow({
        key: `k${index}`,
        endMs: T0 + (index % 5),
        startMs: T0 - (index % 3),
        bytes: index % 4,
        packets: index % 2,
      }),
    );
    const store = await storeWith(t, makeStore, rows);
    for (const order of ['last', 'start', 'bytes', 'packets'] as const) {
      const keys: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.query({}, { limit: 7, order, cursor });
        keys.push(...page.flows.map(({ key }) => key));
        assert.equal(page.total, 25, 'every page says how many there are in all');
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      assert.equal(keys.length, 25, order);
      assert.equal(new Set(keys).size, 25, order);
    }
  });

  test('the total counts what the filter finds: flows, not updates, and a connection that two hosts judged once', async (t) => {
    const rows = Array.from({ length: 10 }, (_, n) => sampleRow({ key: `k${n}`, src: { port: 40_000 + n } }));
    const later = rows.map((row) => ({ ...row, endMs: row.endMs + 1000 }));
    const twice = { ...rows[0]!, hostId: randomUUID(), point: 'ingress' as const };
    const store = await storeWith(t, makeStore, [...rows, ...later, twice]);
    assert.equal((await store.query({}, { limit: 3 })).total, 10);
    assert.equal((await store.query({ port: 40_003 }, { limit: 3 })).total, 1);
    assert.deepEqual(await store.query({ port: 9 }, { limit: 3 }), { flows: [], total: 0, nextCursor: null });
  });

  test('the newest comes first', async (t) => {
    const store = await storeWith(
      t,
      makeStore,
      [1, 3, 2].map((s) => sampleRow({ key: `${s}`, endMs: T0 + s * 1000 })),
    );
    const { flows, nextCursor } = await store.query({}, { limit: 10 });
    assert.deepEqual(
      flows.map(({ key }) => key),
      ['3', '2', '1'],
    );
    assert.equal(nextCursor, null);
  });

  test('a cursor of another order, or made up, is refused', async (t) => {
    const store = await storeWith(t, makeStore, [sampleRow({ key: 'a' }), sampleRow({ key: 'b' })]);
    const { nextCursor } = await store.query({}, { limit: 1, order: 'bytes' });
    assert.ok(nextCursor);
    for (const cursor of [nextCursor, 'x', '', Buffer.from('[1,2,3]').toString('base64url')]) {
      await assert.rejects(store.query({}, { limit: 1, order: 'last', cursor }), FlowStoreError);
    }
  });
}

function mapping(makeStore: MakeStore): void {
  test('edges join flows by ends, service, verdict and rule, and count a connection that two hosts saw once', async (t) => {
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'a', bytes: 100, replyBytes: 50 }),
      sampleRow({ key: 'b', bytes: 100, replyBytes: 50, src: { port: 40_001 } }),
      sampleRow({ key: 'a', bytes: 100, replyBytes: 50, point: 'ingress', hostId: 'host-2' }),
      sampleRow({ key: 'b', bytes: 100, replyBytes: 50, point: 'ingress', hostId: 'host-2', src: { port: 40_001 } }),
      sampleRow({ key: 'c', bytes: 5, replyBytes: 0, verdict: 'deny', ruleNum: 1, dst: { port: 22 } }),
    ]);
    const { edges, truncated } = await store.edges({}, 10);
    assert.equal(truncated, false);
    assert.deepEqual(
      edges.map(({ src, dst, port, verdict, flows, bytes, replyBytes }) => [
        src.vmId,
        dst.vmId,
        port,
        verdict,
        flows,
        bytes,
        replyBytes,
      ]),
      [
        ['vm-a', 'vm-b', 443, 'allow', 2, 200, 100],
        ['vm-a', 'vm-b', 22, 'deny', 1, 5, 0],
      ],
    );
    assert.deepEqual(edges[0]!.src, { vmId: 'vm-a', tenantId: 'red', ip: '10.0.0.7' });
  });

  test('outside addresses stay apart, and the busiest edges come first', async (t) => {
    const outside = (ip: string) => ({ vmId: null, vnicId: null, tenantId: null, mac: null, ip });
    const rows = [1, 3, 2].map((n) => sampleRow({ key: `${n}`, bytes: n * 1000, src: outside(`198.51.100.${n}`) }));
    const store = await storeWith(t, makeStore, rows);
    const { edges, truncated } = await store.edges({}, 2);
    assert.equal(truncated, true);
    assert.deepEqual(
      edges.map(({ src }) => src.ip),
      ['198.51.100.3', '198.51.100.2'],
    );
  });

  test('a series has a point for each bucket and verdict', async (t) => {
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'a', endMs: T0 + 100, bytes: 10, replyBytes: 5 }),
      sampleRow({ key: 'a', endMs: T0 + 900, bytes: 10, replyBytes: 5 }),
      sampleRow({ key: 'b', endMs: T0 + 2500, bytes: 1, replyBytes: 0, verdict: 'deny' }),
    ]);
    assert.deepEqual(await store.series({}, 1000), [
      { atMs: T0, verdict: 'allow', flows: 1, bytes: 30 },
      { atMs: T0 + 2000, verdict: 'deny', flows: 1, bytes: 1 },
    ]);
    assert.deepEqual(await store.series({ fromMs: T0 + 5000 }, 1000), []);
  });
}

function talking(makeStore: MakeStore): void {
  const DAY_MS = 86_400_000;

  test('a talk is everything between two addresses on one service, judged by one rule, over days', async (t) => {
    const later = { startMs: T0 + 2 * DAY_MS, endMs: T0 + 2 * DAY_MS + 1000 };
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'a' }),
      sampleRow({ key: 'a', point: 'ingress', hostId: 'host-2' }),
      sampleRow({ key: 'b', src: { port: 40_001 }, ...later }),
      sampleRow({ key: 'c', dst: { port: 22 }, verdict: 'deny', ruleNum: 1 }),
      sampleRow({ key: 'd', protocol: 1, icmpType: 8, icmpCode: 0, dst: { port: 0 }, endMs: T0 + 5 }),
      sampleRow({ key: 'arp', src: { ip: '' }, dst: { ip: '' } }),
    ]);
    const { talks, truncated } = await store.talks({}, 10);
    assert.equal(truncated, false);
    assert.deepEqual(
      talks.map(({ protocol, port, icmpType, verdict, flows, bytes }) => [
        protocol,
        port,
        icmpType,
        verdict,
        flows,
        bytes,
      ]),
      [
        [6, 443, null, 'allow', 2, 2000],
        [1, 0, 8, 'allow', 1, 1000],
        [6, 22, null, 'deny', 1, 1000],
      ],
    );
    const today = Math.floor(T0 / DAY_MS);
    const { src, dst, firstMs, lastMs, days, networkId } = talks[0]!;
    assert.deepEqual(
      { src, dst, firstMs, lastMs, days, networkId },
      {
        src: { vmId: 'vm-a', tenantId: 'red', ip: '10.0.0.7' },
        dst: { vmId: 'vm-b', tenantId: 'red', ip: '10.0.0.8' },
        firstMs: T0,
        lastMs: later.endMs,
        days: [today, today + 2],
        networkId: 'net-1',
      },
    );
    const first = await store.talks({}, 1);
    assert.deepEqual([first.talks.length, first.truncated], [1, true]);
  });

  test('a turn is a talk that passed and does not, or the other way round, by what was said last', async (t) => {
    const since = T0 + DAY_MS;
    const said = (key: string, port: number, verdict: 'allow' | 'deny', endMs: number, ruleNum: number) =>
      sampleRow({ key, dst: { port }, verdict, endMs, ruleNum, revision: endMs < since ? 3 : 4 });
    const store = await storeWith(t, makeStore, [
      said('cut', 443, 'allow', T0 + 10, 100),
      said('cut late', 443, 'allow', since + 5, 100),
      said('cut since', 443, 'deny', since + 20, 101),
      said('cut again', 443, 'deny', since + 30, 101),
      said('opened', 22, 'deny', T0 + 10, 1),
      said('opened since', 22, 'allow', since + 10, 102),
      said('mended', 80, 'allow', T0 + 10, 100),
      said('mended', 80, 'deny', since + 10, 101),
      said('mended since', 80, 'allow', since + 20, 103),
      said('refused since before', 81, 'allow', T0 + 10, 100),
      said('refused since before', 81, 'deny', T0 + 20, 101),
      said('refused since before', 81, 'deny', since + 20, 101),
      said('same', 82, 'allow', T0 + 10, 100),
      said('same, another rule', 82, 'allow', since + 10, 104),
      said('new', 83, 'deny', since + 10, 101),
      said('silent since', 84, 'allow', T0 + 10, 101),
      sampleRow({ key: 'ping', protocol: 1, icmpType: 8, icmpCode: 0, dst: { port: 0 }, endMs: T0 + 10 }),
      sampleRow({
        ...{ key: 'ping', protocol: 1, icmpType: 8, icmpCode: 0, dst: { port: 0 } },
        ...{ endMs: since + 10, verdict: 'deny', ruleNum: 101 },
      }),
    ]);
    const asked = [{ fromMs: T0, toMs: since }, { fromMs: since }] as const;
    const { turns, truncated } = await store.turns(...asked, 10);
    assert.equal(truncated, false);
    assert.deepEqual(
      turns.map(({ before, after }) => [
        after.port,
        [before.verdict, before.ruleNum, before.revision, before.flows],
        [after.verdict, after.ruleNum, after.revision, after.flows],
      ]),
      [
        [443, ['allow', 100, 3, 1], ['deny', 101, 4, 2]],
        [0, ['allow', 100, 1, 1], ['deny', 101, 1, 1]],
        [22, ['deny', 1, 3, 1], ['allow', 102, 4, 1]],
      ],
    );
    assert.deepEqual(turns[0]!.after.src, { vmId: 'vm-a', tenantId: 'red', ip: '10.0.0.7' });
    assert.equal((await store.turns(...asked, 1)).truncated, true);
    assert.deepEqual((await store.turns({ toMs: T0 }, { fromMs: since }, 10)).turns, []);
  });

  test('hits of rules count a connection that two hosts judged once, wherever the others were judged', async (t) => {
    const outside = { vmId: null, vnicId: null, tenantId: null, mac: null, ip: '198.51.100.4' };
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'a', bytes: 10, replyBytes: 5, packets: 1, replyPackets: 1 }),
      sampleRow({
        key: 'a',
        bytes: 10,
        replyBytes: 5,
        packets: 1,
        replyPackets: 1,
        point: 'ingress',
        hostId: 'host-2',
      }),
      sampleRow({ key: 'b', bytes: 7, replyBytes: 0, packets: 1, replyPackets: 0, point: 'ingress', src: outside }),
      sampleRow({
        key: 'c',
        bytes: 1,
        replyBytes: 0,
        packets: 1,
        replyPackets: 0,
        ruleNum: 1,
        endMs: T0 + 9000,
        pending: { verdict: 'allow', ruleNum: 700, ruleId: null, policyId: null },
      }),
    ]);
    assert.deepEqual(await store.ruleHits({}), [
      { ruleNum: 1, flows: 1, bytes: 1, packets: 1, lastMs: T0 + 9000 },
      { ruleNum: 100, flows: 2, bytes: 22, packets: 3, lastMs: T0 + 1000 },
      { ruleNum: 700, flows: 1, bytes: 1, packets: 1, lastMs: T0 + 9000 },
    ]);
    assert.deepEqual(await store.ruleHits({ fromMs: T0 + 20_000 }), []);
    assert.deepEqual(await store.vmsSeen({}), ['vm-a', 'vm-b']);
    assert.deepEqual(await store.vmsSeen({ fromMs: T0 + 20_000 }), []);
  });
}

function forgetting(makeStore: MakeStore): void {
  test('names are found by part, kind and end, a page at a time, stored once, and forgotten with their age', async (t) => {
    const { src, dst, hostId, networkId } = sampleRow();
    const named = (atMs: number, kind: NameRow['kind'], name: string, details = {}): NameRow => ({
      ...{
        atMs,
        hostId,
        networkId,
        gatewayNum: 12,
        gatewayId: 'gateway-12',
        protocol: 17,
        src,
        dst,
        kind,
        name,
        details,
      },
    });
    const asked = named(T0 + 1, 'dns', 'www.Example.com', { type: 'A', code: 'NOERROR', answers: '192.0.2.1' });
    const store = await makeStore(t);
    const names = [asked, named(T0 + 2, 'tls', 'www.example.com'), named(T0 + 3, 'dns', 'other.test')];
    for (let n = 0; n < 2; n++) await store.append('b1', [sampleRow({ endMs: T0 + 3 })], names);
    const found = async (filter: NameFilter) =>
      (await store.names(filter, { limit: 10 })).names.map(({ atMs }) => atMs - T0);
    assert.deepEqual(await found({}), [3, 2, 1]);
    assert.deepEqual(await found({ name: 'example.COM' }), [2, 1]);
    assert.deepEqual(await found({ kind: 'dns', vmId: 'vm-a', gatewayId: 'gateway-12', address: '10.0.0.8' }), [3, 1]);
    assert.deepEqual(await found({ fromMs: T0 + 2, toMs: T0 + 3, tenants: ['red'] }), [2]);
    assert.deepEqual(await found({ tenants: ['blue'] }), []);
    const first = await store.names({}, { limit: 2 });
    const { names: second, nextCursor } = await store.names({}, { limit: 2, cursor: first.nextCursor! });
    assert.deepEqual([first.total, second.length, nextCursor], [3, 1, null]);
    const { id: _, ...last } = second[0]!;
    assert.deepEqual(last, asked);
    assert.deepEqual(await store.retain({ nowMs: T0 + 3, maxAgeMs: 1 }), { deletedRows: 1 });
    assert.deepEqual(await found({}), [3, 2]);
  });

  test('what is too old is forgotten', async (t) => {
    const store = await storeWith(
      t,
      makeStore,
      [0, 5000, 10_000].map((ms) => sampleRow({ key: `${ms}`, endMs: T0 + ms })),
    );
    assert.deepEqual(await store.retain({ nowMs: T0 + 10_000, maxAgeMs: 5000 }), { deletedRows: 1 });
    const { rows, oldestMs, newestMs } = await store.stats();
    assert.deepEqual({ rows, oldestMs, newestMs }, { rows: 2, oldestMs: T0 + 5000, newestMs: T0 + 10_000 });
  });

  test('what is too much is forgotten, the oldest first, and not much more than that', async (t) => {
    const store = await makeStore(t);
    for (let batch = 0; batch < 13; batch++) {
      const from = batch * 20_000;
      const rows = Array.from({ length: 20_000 }, (_, i) => sampleRow({ key: randomUUID(), endMs: T0 + from + i }));
      await store.append(`b${batch}`, rows);
    }
    await store.retain({ nowMs: T0 });
    const before = await store.stats();
    const maxBytes = Math.floor(before.bytes * 0.75);
    await store.retain({ nowMs: T0, maxBytes });
    const after = await store.stats();
    assert.ok(after.bytes <= maxBytes, `${after.bytes} bytes`);
    assert.ok(after.rows > before.rows / 4, `${after.rows} of ${before.rows} rows`);
    assert.equal(after.newestMs, before.newestMs);
  });
}
