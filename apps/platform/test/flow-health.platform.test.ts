import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FlowRecord } from '@hypervigil/contract';
import pg from 'pg';
import { observedVm, startTestCloudWithHost, type TestCloudWithHost, until } from '../src/testing/index.ts';
import { claimed, inventory } from './two-hosts.ts';

const RECORD: FlowRecord = {
  ...{
    key: 'k',
    point: 'egress',
    net: 0,
    protocol: 6,
    srcIp: '10.0.0.1',
    dstIp: '198.51.100.1',
    srcPort: 1,
    dstPort: 443,
  },
  ...{ srcMac: null, dstMac: null, icmpType: null, icmpCode: null, verdict: 'allow', rule: 5, pending: null },
  ...{ inspection: null, revision: 0, bytes: 100, packets: 2, replyBytes: 50, replyPackets: 1, tcpFlags: 2 },
  ...{ startMs: 0, endMs: 0 },
};

/** Where flows are lost, late or missing. */
describe('the pipeline of flows', () => {
  let cloud: TestCloudWithHost;
  let net: number;

  before(async () => {
    cloud = await startTestCloudWithHost('flow-health');
    const { person, engine } = cloud;
    engine.send(inventory(claimed(1, 'acme'), claimed(2, 'acme')));
    await until('their intent', () => engine.intent()?.vnics.length === 2);
    net = (await person.client.listNetworks({ query: { q: 'prod' } })).items[0]!.num;
  });
  after(() => cloud?.stop());

  async function send(batch: string, lost: number, endMs: number, count = 1): Promise<void> {
    const { engine } = cloud;
    const from = engine.received.length;
    const one = { ...RECORD, net, startMs: endMs - 500, endMs };
    const records = Array.from({ length: count }, (_, i) => ({ ...one, key: `${batch}${i}`, srcPort: i }));
    engine.send({ type: 'flows', batch, records, names: [], lost });
    await engine.expect('flows.stored', from);
  }
  const health = () => cloud.person.client.getFlowHealth();

  it('shows what came of each host, once, how late it was and what was lost before it', async () => {
    await send('a', 0, Date.now(), 3);
    await send('b', 7, Date.now() - 120_000, 2);
    await send('b', 7, Date.now() - 120_000, 2);
    // What is asked for side by side may stand before and after it was written down.
    const { hosts, minutes, store } = await until('all of it is counted', async () => {
      const found = await health();
      const isCounted = found.minutes.some(({ lost }) => lost > 0);
      return found.hosts[0]?.repeated === 1 && isCounted ? found : undefined;
    });
    const [h1] = hosts;
    assert.deepEqual([h1?.hostName, h1?.online, h1?.records, h1?.lost, h1?.unjudged], ['h1', true, 5, 7, 0]);
    assert.ok(h1!.lastBatchAt !== null && h1!.lagMs! >= 120_000, `${h1!.lagMs}`);
    assert.deepEqual(h1?.troubles, ['losing', 'late']);
    assert.equal(minutes.length, 60);
    const sum = (key: 'records' | 'lost') => minutes.reduce((total, minute) => total + minute[key], 0);
    assert.deepEqual([sum('records'), sum('lost')], [5, 7]);
    assert.deepEqual([store.rows, store.movedAside, store.keptHours], [5, null, 168]);
    assert.ok(store.newestAt !== null && Date.parse(store.oldestAt!) < Date.parse(store.newestAt));
  });

  it('says what engines say of themselves', async () => {
    const spool = { name: 'spool' as const, ok: false, code: 'nearly-full', params: { percent: 95 } };
    cloud.engine.send({ type: 'health', items: [spool], sentAt: new Date().toISOString() });
    const [h1] = await until('the spool', async () => {
      const { hosts } = await health();
      return hosts[0]?.spoolPercent === 95 ? hosts : undefined;
    });
    assert.deepEqual(h1?.troubles, ['losing', 'spooling', 'late']);
  });

  it('names running VMs that have been in no flow, once they have been there for an hour', async () => {
    assert.equal((await health()).silentVms.total, 0, 'they are new');
    const client = new pg.Client({ connectionString: cloud.databaseUrl });
    await client.connect();
    await client.query(`update vms set first_seen_at = now() - interval '2 hours'`);
    await client.end();
    const { silentVms } = await health();
    assert.deepEqual(
      silentVms.items.map(({ vmId, hostId }) => [vmId, hostId]),
      [[observedVm(2).id, cloud.hostId]],
    );
  });
});
