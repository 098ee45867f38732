import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleRow, T0 } from '../sample-flows.ts';
import { type MakeStore, storeWith } from './make-store.ts';

/** Talks, turns and hits of rules. */
export function talking(makeStore: MakeStore): void {
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
      said('cut-late', 443, 'allow', since + 5, 100),
      said('cutsince', 443, 'deny', since + 20, 101),
      said('cutagain', 443, 'deny', since + 30, 101),
      said('opened', 22, 'deny', T0 + 10, 1),
      said('opensinc', 22, 'allow', since + 10, 102),
      said('mended', 80, 'allow', T0 + 10, 100),
      said('mended', 80, 'deny', since + 10, 101),
      said('mendsinc', 80, 'allow', since + 20, 103),
      said('refused', 81, 'allow', T0 + 10, 100),
      said('refused', 81, 'deny', T0 + 20, 101),
      said('refused', 81, 'deny', since + 20, 101),
      said('same', 82, 'allow', T0 + 10, 100),
      said('samerule', 82, 'allow', since + 10, 104),
      said('new', 83, 'deny', since + 10, 101),
      said('silent', 84, 'allow', T0 + 10, 101),
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
