import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { ApiError, FlowRecord } from '@hypervigil/contract';
import { startClickHouse, WITHOUT_CLICKHOUSE } from '@hypervigil/flowstore/testing';
import { connectEngine, createScratch, enrol, signInFirst, startTestPlatform } from '../src/testing/index.ts';

const SKIP = process.env['HV_REAL'] !== '1' ? 'needs HV_REAL=1' : WITHOUT_CLICKHOUSE;

const recordOf = (key: string, endMs: number): FlowRecord => ({
  ...{ key, point: 'egress', net: 0, protocol: 6, srcIp: '10.0.0.1', dstIp: '198.51.100.1', srcPort: 1, dstPort: 443 },
  ...{ srcMac: null, dstMac: null, icmpType: null, icmpCode: null, verdict: 'allow', rule: 5, pending: null },
  ...{ inspection: null, revision: 0, bytes: 100, packets: 2, replyBytes: 50, replyPackets: 1, tcpFlags: 2 },
  ...{ startMs: endMs - 500, endMs },
});

describe('platforms whose flows are in ClickHouse', { skip: SKIP }, () => {
  it('two take them and tell of them at the same time, over TLS; what the server was away for is taken afterwards', async () => {
    await using server = await startClickHouse();
    const scratch = await createScratch();
    await using undo = new AsyncDisposableStack();
    undo.defer(() => scratch.remove());
    const file = async (name: string, text: string) => {
      await writeFile(join(scratch.dir, name), text);
      return join(scratch.dir, name);
    };
    const input = {
      databaseUrl: await scratch.createDatabase(),
      ...{ clickhouseUrl: server.secureDatabase(), clickhouseUser: 'flows' },
      clickhousePasswordFile: await file('password', `${server.password}\n`),
      clickhouseCaFile: await file('ca.pem', server.ca),
    };
    const first = await startTestPlatform(scratch, 'one', input);
    undo.defer(() => first.stop());
    const person = await signInFirst(first);
    const second = await startTestPlatform(scratch, 'one', { ...input, runDir: join(scratch.dir, 'other-run') });
    undo.defer(() => second.stop());
    const hosts = [await enrol(first, person, 'h0'), await enrol(first, person, 'h1')];
    const connect = async (platform: typeof first, host: (typeof hosts)[number]) => {
      const engine = await connectEngine(platform, host);
      undo.defer(() => engine.close());
      return engine;
    };
    const engines = [await connect(first, hosts[0]!), await connect(second, hosts[1]!)];
    for (const [n, engine] of engines.entries()) {
      const from = engine.received.length;
      const records = [recordOf(`k${n}`, Date.now())];
      for (let times = 0; times < 2; times++) engine.send({ type: 'flows', batch: 'a', records, names: [], lost: 0 });
      await engine.expect('flows.stored', from);
    }
    const listed = () => person.client.listFlows({ query: {} });
    const { items, total } = await listed();
    assert.equal(total, 2);
    assert.deepEqual(
      items.map(({ bytes }) => bytes),
      [100, 100],
    );
    const { store } = await person.client.getFlowHealth();
    assert.equal(store.rows, 2);
    assert.ok(store.bytes > 0);

    await server.kill();
    const late = { type: 'flows' as const, batch: 'b', records: [recordOf('k9', Date.now())], names: [], lost: 0 };
    const [engine] = engines;
    engine!.send(late);
    await engine!.closed();
    assert.ok(!engine!.received.some((message) => message.type === 'flows.stored' && message.batch === 'b'));
    await assert.rejects(listed(), (error: ApiError) => error.body.code === 'unavailable');
    await server.start();
    // As its spool does, to another platform.
    const again = await connect(second, hosts[0]!);
    again.send(late);
    await again.expect('flows.stored');
    assert.equal((await listed()).total, 3);
  });
});
