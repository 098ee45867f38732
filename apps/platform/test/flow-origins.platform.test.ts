import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FlowRecord } from '@hypervigil/contract';
import { mmdbOf } from '@hypervigil/mmdb/testing';
import { openOrigins } from '../src/flows/open-origins.ts';
import { codeIs, startTestCloudWithHost, type TestCloudWithHost, until } from '../src/testing/index.ts';
import { claimed, inventory } from './two-hosts.ts';

const RECORD: FlowRecord = {
  ...{ key: 'k', point: 'egress', net: 0, protocol: 6, srcIp: '', dstIp: '', srcPort: 40_000, dstPort: 443 },
  ...{ srcMac: null, dstMac: null, icmpType: null, icmpCode: null, verdict: 'allow', rule: 5, pending: null },
  ...{ inspection: null, revision: 0, bytes: 100, packets: 2, replyBytes: 50, replyPackets: 1, tcpFlags: 2 },
  ...{ startMs: 0, endMs: 0 },
};

const COUNTRIES = {
  '198.51.100.0/24': { country: { iso_code: 'DE' } },
  '2001:db8::/32': { country: { iso_code: 'JP' } },
  // Whoever has addresses of the cloud is not looked up.
  '10.0.0.0/8': { country: { iso_code: 'FR' } },
};
const SYSTEMS = {
  '198.51.100.0/25': { autonomous_system_number: 64_500, autonomous_system_organization: 'Example Carrier' },
};

describe('where the ends of flows are', () => {
  let cloud: TestCloudWithHost;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hv-mmdb-'));
    const mmdbFiles = [join(folder, 'country.mmdb'), join(folder, 'asn.mmdb')];
    await writeFile(mmdbFiles[0]!, mmdbOf(COUNTRIES));
    await writeFile(mmdbFiles[1]!, mmdbOf(SYSTEMS, 'Test-ASN'));
    cloud = await startTestCloudWithHost('flow-origins', { obedient: true }, { mmdbFiles });
    const { person, engine } = cloud;
    engine.send(inventory(claimed(1, 'acme'), claimed(2, 'acme')));
    await until('their intent', () => engine.intent()?.vnics.length === 2);
    const net = (await person.client.listNetworks({ query: { q: 'prod' } })).items[0]!.num;
    const endMs = Date.now() - 1_000;
    const flow = (key: string, dstIp: string): FlowRecord => ({
      ...{ ...RECORD, key, net, srcIp: '10.0.0.1', dstIp, startMs: endMs - 500, endMs },
    });
    const records = [
      flow('1', '198.51.100.9'),
      flow('2', '198.51.100.200'),
      flow('3', '2001:db8::1'),
      flow('4', '10.0.0.2'),
      flow('5', '203.0.113.1'),
    ];
    engine.send({ type: 'flows', batch: 'b', records, names: [], lost: 0 });
    await engine.expect('flows.stored');
  });
  after(async () => {
    await cloud?.stop();
    await rm(folder, { recursive: true });
  });

  const found = async (filter: string) =>
    (await cloud.person.client.listFlows({ query: { filter } })).items.map(({ dst }) => dst.ip).sort();

  it('are recorded, and said of addresses outside of the cloud alone', async () => {
    const { items } = await cloud.person.client.listFlows({ query: {} });
    const said = items.map(({ src, dst }) => {
      assert.equal(src.country, undefined);
      return [dst.ip, dst.country, dst.asn, dst.organisation];
    });
    assert.deepEqual(said.sort(), [
      ['10.0.0.2', undefined, undefined, undefined],
      ['198.51.100.200', 'DE', undefined, undefined],
      ['198.51.100.9', 'DE', 64_500, 'Example Carrier'],
      ['2001:db8::1', 'JP', undefined, undefined],
      ['203.0.113.1', undefined, undefined, undefined],
    ]);
  });

  it('can be asked for, counted by and written out', async () => {
    assert.deepEqual(await found('dst.country = de'), ['198.51.100.200', '198.51.100.9']);
    assert.deepEqual(await found('country in (DE, JP) and asn != AS64500'), ['198.51.100.200', '2001:db8::1']);
    assert.deepEqual(await found('dst.asn = 64500'), ['198.51.100.9']);
    assert.deepEqual(await found('dst.country = none'), ['10.0.0.2', '203.0.113.1']);
    assert.deepEqual(await found('src.country = DE'), []);
    for (const filter of ['country = Germany', 'asn = carrier', 'asn = AS4294967296'])
      await assert.rejects(found(filter), codeIs('invalid-request'), filter);
    const { items } = await cloud.person.client.topFlows({ query: { groupBy: 'dst.asn', order: 'flows' } });
    assert.deepEqual(
      items.map(({ values, names, flows }) => [values[0], names[0], flows]),
      [
        [null, null, 4],
        [64_500, 'Example Carrier', 1],
      ],
    );
    const csv = await cloud.person.client.exportFlows({ query: { filter: 'dst.asn = 64500' } });
    const [head, row] = String(csv)
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    assert.deepEqual([row![head!.indexOf('dst_country')], row![head!.indexOf('dst_asn')]], ['DE', '64500']);
  });

  it('follow a file that is exchanged; a flow keeps what was true of it', async () => {
    const path = join(folder, 'one.mmdb');
    await writeFile(path, mmdbOf(COUNTRIES));
    const origins = await openOrigins([path]);
    assert.deepEqual(origins.of('198.51.100.9'), { country: 'DE' });
    await writeFile(path, mmdbOf({ '198.51.100.0/24': { country: { iso_code: 'AT' } } }));
    await utimes(path, 1, 1);
    assert.deepEqual(await origins.refresh(), []);
    assert.deepEqual(origins.of('198.51.100.9'), { country: 'AT' });
    assert.deepEqual(await found('dst.country = AT'), []);
  });

  it('are asked of files that can be read, or the platform says which cannot', async () => {
    await assert.rejects(openOrigins([join(folder, 'nowhere.mmdb')]), (error: { code?: string; message: string }) => {
      return error.code === 'bad-config' && /--mmdb-files: .*nowhere\.mmdb/.test(error.message);
    });
  });
});
