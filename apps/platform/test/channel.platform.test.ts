import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import tls from 'node:tls';
import type { NameRecord } from '@hypervigil/contract';
import fc from 'fast-check';
import { decodeFrame, FrameError } from '../src/channel/frames.ts';
import {
  connectEngine,
  enrol,
  FACTS,
  observedVm,
  openSocket,
  signInFirst,
  startTestPlatform,
  until,
} from '../src/testing/index.ts';
import { claimed, inventory, twoHosts } from './two-hosts.ts';

const RUNS = Number(process.env['HV_FUZZ'] ?? 20_000);
describe('the engine channel', () => {
  const { cloud, connect, vm, host } = twoHosts('channel');

  it('welcomes, shows the host online with its facts, and offline when it has gone', async () => {
    const engine = await connect(cloud.h1);
    assert.equal((await engine.expect('intent')).intent.policyRevision, 0);
    const { state, facts } = await until('online', async () =>
      (await host(cloud.h1.hostId)).facts ? host(cloud.h1.hostId) : null,
    );
    assert.deepEqual([state, facts], ['online', FACTS]);
    engine.close();
    await until('offline', async () => (await host(cloud.h1.hostId)).state === 'offline');
  });

  it('takes an inventory in, adopts what it claims, and sends the vNICs to every host', async () => {
    const one = await connect(cloud.h1, { obedient: true });
    const two = await connect(cloud.h2, { obedient: true });
    one.send(inventory(claimed(1, 'acme', { tier: 'web' }), claimed(2, 'globex')));
    const web = await until('the VM', () => vm(1));
    const { items: tenants } = await cloud.person.client.listTenants({ query: {} });
    assert.equal(web.tenantId, tenants.find(({ name }) => name === 'acme')?.id);
    assert.deepEqual([web.hostId, web.state, web.tags], [cloud.h1.hostId, 'running', { tier: 'web' }]);
    assert.equal(web.vnics[0]?.protection, 'enforced');
    for (const engine of [one, two]) await until('both vNICs in the intent', () => engine.intent()?.vnics.length === 2);
    assert.deepEqual(one.intent()?.vnics, two.intent()?.vnics);
    await until('both hosts enforce it', async () =>
      (await cloud.person.client.listHosts({ query: {} })).items.every((h) => h.appliedRevision === h.intentRevision),
    );
    one.send({ type: 'vm', vm: { ...claimed(1, 'acme'), state: 'paused' } });
    await until('paused', async () => (await vm(1)).state === 'paused');
    one.send({ type: 'vm.gone', id: observedVm(1).id });
    await until('gone', async () => (await vm(1)).state === 'gone');
    await until('its vNIC leaves the intent', () => two.intent()?.vnics.length === 1);
    one.send(inventory());
    await until('all gone', async () => (await vm(2)).state === 'gone');
    for (const engine of [one, two]) engine.close();
  });

  it('gives numbers once: a vNIC that comes back under its id keeps its own, a new one gets a new one', async () => {
    const engine = await connect(cloud.h1);
    engine.send(inventory(claimed(3, 'acme')));
    const first = (await until('it', () => vm(3))).vnics[0]!.num;
    engine.send(inventory());
    await until('gone', async () => (await vm(3)).state === 'gone');
    engine.send(inventory(claimed(3, 'acme'), claimed(4, 'acme')));
    await until('back', async () => (await vm(3)).state === 'running');
    assert.equal((await vm(3)).vnics[0]?.num, first);
    assert.ok((await vm(4)).vnics[0]!.num > first);
    engine.close();
  });

  it("keeps a person's word against what metadata claims later", async () => {
    const engine = await connect(cloud.h1);
    engine.send(inventory(claimed(5, 'acme', { tier: 'web' })));
    const { id, vnics } = await until('it', () => vm(5));
    const globex = (await cloud.person.client.listTenants({ query: { q: 'globex' } })).items[0]!;
    await cloud.person.client.updateVm({ params: { id }, body: { tenantId: globex.id, tags: { tier: 'db' } } });
    await cloud.person.client.updateVnic({ params: { id: vnics[0]!.id }, body: { ipv4: ['10.9.9.9'] } });
    engine.send({ type: 'vm', vm: { ...claimed(5, 'acme', { tier: 'app' }), memoryMiB: 512 } });
    const now = await until('the news', async () => ((await vm(5)).memoryMiB === 512 ? vm(5) : null));
    assert.deepEqual([now.tenantId, now.tags, now.vnics[0]?.ipv4], [globex.id, { tier: 'db' }, ['10.9.9.9']]);
    engine.close();
  });

  it('shows when two VMs claim one address of a network, until one of them gives it up', async () => {
    const engine = await connect(cloud.h1);
    const twin = claimed(18, 'acme');
    const vnics = twin.vnics.map((v) => ({
      ...v,
      claims: { ...v.claims, ipv4: observedVm(17).vnics[0]!.claims.ipv4 },
    }));
    const conflicts = async () =>
      (await cloud.person.client.getOverview()).advice.filter(({ code }) => code === 'address-conflict');
    engine.send(inventory(claimed(17, 'acme'), claimed(18, 'acme')));
    await until('both', () => vm(18));
    assert.deepEqual(await conflicts(), []);
    engine.send({ type: 'vm', vm: { ...twin, vnics } });
    const [found] = await until('the conflict', async () => ((await conflicts()).length > 0 ? conflicts() : null));
    const params = { network: 'prod', address: '10.0.0.17', vms: 'vm-00017, vm-00018' };
    assert.deepEqual(found, { code: 'address-conflict', severity: 'high', params });
    engine.send({ type: 'vm', vm: twin });
    await until('solved', async () => (await conflicts()).length === 0);
    engine.close();
  });

  it('follows a migration: the target has the VM when it runs there, and not before', async () => {
    const source = await connect(cloud.h1);
    const target = await connect(cloud.h2);
    source.send(inventory(claimed(6, 'acme')));
    await until('it', () => vm(6));
    target.send({ type: 'vm', vm: { ...claimed(6, 'acme'), state: 'paused', incoming: true } });
    target.send({ type: 'vm', vm: observedVm(7) });
    await until('the other', () => vm(7));
    assert.deepEqual([(await vm(6)).hostId, (await vm(6)).state], [cloud.h1.hostId, 'running']);
    target.send({ type: 'vm', vm: claimed(6, 'acme') });
    await until('moved', async () => (await vm(6)).hostId === cloud.h2.hostId);
    source.send({ type: 'vm', vm: { ...claimed(6, 'acme'), memoryMiB: 300 } });
    source.send({ type: 'vm.gone', id: observedVm(6).id });
    source.send({ type: 'vm', vm: observedVm(8) });
    await until('the source was heard', () => vm(8));
    assert.deepEqual([(await vm(6)).hostId, (await vm(6)).state], [cloud.h2.hostId, 'running']);
    for (const engine of [source, target]) engine.close();
  });

  it('sends nothing again to an engine that missed nothing, also after a restart of the platform', async () => {
    const databaseUrl = await cloud.scratch.createDatabase();
    let other = await startTestPlatform(cloud.scratch, 'again', { databaseUrl });
    const admin = await signInFirst(other);
    const credentials = await enrol(other, admin, 'h1');
    const first = await connectEngine(other, credentials);
    const { intent } = await first.expect('intent');
    first.close();
    await other.stop();
    other = await startTestPlatform(cloud.scratch, 'again', { databaseUrl });
    const second = await connectEngine(other, credentials, { intentRevision: intent.revision });
    second.send({ type: 'intent.wanted', have: 0 });
    await second.expect('intent');
    const sent = second.received.filter(({ type }) => type === 'intent');
    assert.equal(sent.length, 1, 'only the one that was asked for');
    second.close();
    await other.stop();
  });

  it('sends the whole intent to an engine that lost its base', async () => {
    const engine = await connect(cloud.h1);
    const { intent } = await engine.expect('intent');
    engine.send({ type: 'intent.wanted', have: 0 });
    await until('a second document', () => engine.received.filter(({ type }) => type === 'intent').length === 2);
    assert.equal(engine.intent()?.revision, intent.revision);
    engine.close();
  });

  it('refuses a connection without a certificate, and cuts that of a host which is revoked', async () => {
    await assert.rejects(openSocket(cloud.platform, { key: '', cert: '', ca: cloud.platform.caPem }), /401/);
    const credentials = await enrol(cloud.platform, cloud.person, 'h3');
    const engine = await connect(credentials);
    engine.send(inventory(observedVm(20)));
    await until('it', () => vm(20));
    await cloud.person.client.revokeHost({ params: { id: credentials.hostId } });
    assert.equal(await engine.closed(), 4003);
    await assert.rejects(openSocket(cloud.platform, credentials), /403/);
    assert.equal((await host(credentials.hostId)).state, 'revoked');
    assert.equal((await vm(20)).state, 'running', 'a revoked host still runs its VMs');
    await cloud.person.client.revokeHost({ params: { id: credentials.hostId } });
    await assert.rejects(host(credentials.hostId), { status: 404 });
    assert.equal((await vm(20)).state, 'gone', 'nobody tells of them any more');
  });

  it('replaces an older channel of the same host', async () => {
    const old = await connect(cloud.h1);
    const now = await connect(cloud.h1);
    assert.equal(await old.closed(), 4001);
    assert.equal((await host(cloud.h1.hostId)).state, 'online');
    now.close();
  });

  it('stores a batch of flows once, however often it is sent', async () => {
    const engine = await connect(cloud.h1);
    engine.send(inventory(claimed(9, 'acme')));
    const { id, vnics, tenantId } = await until('it', () => vm(9));
    const net = (await cloud.person.client.listNetworks({ query: { q: 'prod' } })).items[0]!;
    const record = flowRecord(net.num, vnics[0]!.ipv4[0]!);
    const named: NameRecord = {
      ...{ net: net.num, protocol: 17, srcIp: vnics[0]!.ipv4[0]!, srcPort: 4000, dstIp: '192.0.2.53', dstPort: 53 },
      gateway: { num: 12, id: null },
      ...{ kind: 'dns', name: '=evil.example', details: { type: 'A', code: 'NXDOMAIN' }, atMs: Date.now() },
    };
    for (let i = 0; i < 3; i++)
      engine.send({ type: 'flows', batch: 'b1', records: [record, record], names: [named], lost: 0 });
    await until('acknowledged', () => engine.received.filter(({ type }) => type === 'flows.stored').length === 3);
    engine.close();
    const again = await connect(cloud.h1);
    again.send({ type: 'flows', batch: 'b1', records: [record, record], names: [], lost: 0 });
    await again.expect('flows.stored');
    const { items, total } = await cloud.person.client.listFlows({ query: { vmId: id } });
    assert.deepEqual([items.length, total], [1, 1]);
    const [flow] = items;
    assert.deepEqual([flow?.packets, flow?.src.vmId, flow?.src.tenantId, flow?.networkId], [6, id, tenantId, net.id]);
    const { items: edges } = await cloud.person.client.listEdges({ query: { vmId: id } });
    assert.deepEqual([edges.length, edges[0]?.src.vmId], [1, id]);
    const csv = await (await cloud.person.fetch(`/api/v1/flows.csv?vmId=${id}`)).text();
    assert.equal(csv.trim().split('\r\n').length, 2);
    const names = await cloud.person.client.listNames({ query: { vmId: id, name: 'EVIL', kind: 'dns' } });
    assert.deepEqual(
      [names.total, names.items[0]?.name, names.items[0]?.details['code'], names.items[0]?.src.vmId],
      [1, named.name, 'NXDOMAIN', id],
    );
    const namesCsv = await (await cloud.person.fetch('/api/v1/names.csv')).text();
    assert.match(namesCsv, /^at,kind,name,type,code.*\r\n[^,]+,dns,'=evil\.example,A,NXDOMAIN,/);
    const { points } = await cloud.person.client.flowSeries({ query: { vmId: id } });
    assert.equal(
      points.reduce((sum, point) => sum + point.allowFlows, 0),
      1,
    );
    again.close();
  });

  it('refuses whatever else asks for a WebSocket, and lives', async () => {
    for (const path of ['//', '/', 'http://[', '*', '/api/v1/engine/channel/..', '/api/v1/engine/channel']) {
      const socket = tls.connect({ host: '127.0.0.1', port: cloud.platform.httpsPort, ca: cloud.platform.caPem });
      socket.end(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      const answer = (await socket.setEncoding('utf8').toArray()).join('');
      assert.match(answer, /^HTTP\/1\.1 40[14] /, path);
    }
    await host(cloud.h1.hostId);
  });

  it('closes on hostile frames and goes on serving', async () => {
    const frames = [
      'nonsense',
      '{}',
      '[]',
      '{"type":"hello"}',
      JSON.stringify({ type: 'flows', batch: 'x', records: [{}], lost: 0 }),
      JSON.stringify(inventory(observedVm(1))),
      `{"type":"inventory","reason":"start","drift":[],"vms":[${'{"id":1},'.repeat(1000)}{}]}`,
      '{"__proto__":{"type":"hello"}}',
    ];
    for (const frame of frames) {
      const engine = await openSocket(cloud.platform, cloud.h1);
      engine.socket.send(frame);
      assert.equal(await engine.closed(), 4000, frame.slice(0, 60));
    }
    const binary = await openSocket(cloud.platform, cloud.h1);
    binary.socket.send(randomBytes(1000));
    assert.equal(await binary.closed(), 4000);
    const engine = await connect(cloud.h1);
    engine.close();
  });

  it('decodes any bytes to a message or a FrameError', () => {
    const attempt = (data: Buffer) => {
      try {
        decodeFrame(data, false);
      } catch (error) {
        assert.ok(error instanceof FrameError);
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => attempt(Buffer.from(bytes))),
      { numRuns: RUNS / 2 },
    );
    const types = ['hello', 'inventory', 'vm', 'vm.gone', 'applied', 'intent.wanted', 'flows', 'health', 'task'];
    const value = fc.dictionary(
      fc.constantFrom('id', 'vms', 'vm', 'records', 'batch', 'lost', 'items', 'state', 'facts'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...types), value, (type, rest) =>
        attempt(Buffer.from(JSON.stringify({ ...rest, type }))),
      ),
      { numRuns: RUNS / 2 },
    );
  });
});

function flowRecord(net: number, srcIp: string) {
  const now = Date.now();
  return {
    key: 'k1',
    point: 'egress' as const,
    net,
    protocol: 6,
    srcIp,
    dstIp: '192.0.2.1',
    srcPort: 40000,
    dstPort: 443,
    srcMac: null,
    dstMac: null,
    icmpType: null,
    icmpCode: null,
    verdict: 'allow' as const,
    rule: 5,
    pending: null,
    inspection: null,
    revision: 1,
    bytes: 300,
    packets: 3,
    replyBytes: 100,
    replyPackets: 1,
    tcpFlags: 2,
    startMs: now - 1000,
    endMs: now,
  };
}
