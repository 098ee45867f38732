import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { type EngineMessage, EXPORTERS_FEATURE, type FlowRecord } from '@hypervigil/contract';
import { type ExporterReport, MAX_EXPORTERS_PER_HOST, SYNTHETIC_RULES } from '@hypervigil/model';
import {
  codeIs,
  observedVm,
  PASSWORD,
  personWith,
  signIn,
  type TestEngine,
  type TestPerson,
  until,
} from '../src/testing/index.ts';
import { claimed, inventory, twoHosts } from './two-hosts.ts';

const { cloud, connect } = twoHosts('exporters');
const OPTIONS = { obedient: true, features: [EXPORTERS_FEATURE] };

const REPORT: Omit<ExporterReport, 'id'> = {
  ...{ state: 'listening', reason: null, datagrams: 3, flows: 9, lost: 2, resets: 0, malformed: 1 },
  ...{ withoutTemplate: 0, absurd: 0, sampling: 512, lastHeardAt: '2026-01-15T12:00:00.000Z' },
};
const STRANGER = {
  ...{ address: '192.0.2.66', listen: '192.0.2.1', port: 6343, datagrams: 5, lastAt: '2026-01-15T12:00:00.000Z' },
};

let h1: TestEngine;
let h2: TestEngine;
let exporterId: string;
const client = () => cloud.person.client;
const lastSent = (engine: TestEngine) => {
  const message = engine.received.findLast((one) => one.type === 'exporters');
  return message?.type === 'exporters' ? message.exporters : undefined;
};
const fields = (more: object = {}) => ({
  ...{ name: 'tor-1', address: '192.0.2.11', hostId: cloud.h1.hostId, listen: '192.0.2.1', protocol: 'sflow' as const },
  ...more,
});

/** Between the VMs 1 and 2, as a host or an exporter tells of it. */
function record(more: Partial<FlowRecord>): FlowRecord {
  const now = Date.now();
  return {
    ...{ key: randomUUID().slice(0, 8), point: 'egress', net: 0, protocol: 6, icmpType: null, icmpCode: null },
    ...{ srcIp: '10.0.0.1', dstIp: '10.0.0.2', srcPort: 40_000, dstPort: 443 },
    ...{ srcMac: observedVm(1).vnics[0]!.mac, dstMac: observedVm(2).vnics[0]!.mac },
    ...{ verdict: 'allow', rule: SYNTHETIC_RULES.observed, pending: null, inspection: null, revision: 0 },
    ...{ bytes: 1000, packets: 10, replyBytes: 0, replyPackets: 0, tcpFlags: 0, startMs: now, endMs: now },
    ...more,
  };
}

async function tell(engine: TestEngine, ...records: FlowRecord[]): Promise<void> {
  const batch = randomUUID();
  const message: EngineMessage = { type: 'flows', batch, records, names: [], lost: 0 };
  const from = engine.received.length;
  engine.send(message);
  await engine.expect('flows.stored', from);
}

let boss: TestPerson;

async function tenantAdministrator(): Promise<TestPerson> {
  const tenants = (await client().listTenants({ query: {} })).items;
  const tenantId = tenants.find(({ name }) => name === 'acme')!.id;
  const { password } = await client().createAccount({ body: { name: 'boss', duty: 'tenant-admin', tenantId } });
  const person = personWith(cloud.platform, await signIn(cloud.platform, 'boss', password));
  await person.client.changePassword({ body: { current: password, next: PASSWORD } });
  return person;
}

describe('exporters', () => {
  before(async () => {
    [h1, h2] = [await connect(cloud.h1, OPTIONS), await connect(cloud.h2, OPTIONS)];
    h1.send(inventory(claimed(1, 'acme'), claimed(2, 'acme')));
    await until('the VMs', () =>
      client()
        .getVm({ params: { id: observedVm(2).id } })
        .catch(() => null),
    );
    boss = await tenantAdministrator();
  });

  it('are enrolled with the usual port, and their host alone is told of them', async () => {
    const created = await client().createExporter({ body: fields() });
    exporterId = created.id;
    assert.deepEqual(
      [created.port, created.sampling, created.networkId, created.hostName, created.report],
      [6343, 1, null, 'h1', null],
    );
    await until('the host is told', () => lastSent(h1)?.length || null);
    assert.deepEqual(lastSent(h1), [
      {
        ...{ id: exporterId, address: '192.0.2.11', listen: '192.0.2.1', port: 6343, protocol: 'sflow' },
        ...{ sampling: 1, network: null },
      },
    ]);
    assert.deepEqual(lastSent(h2), []);
    const { items } = await client().listAudit({ query: { limit: 10 } });
    const entry = items.find(({ action }) => action === 'exporter.created');
    assert.deepEqual([entry?.subject, entry?.params['address']], [`exporter:${exporterId}`, '192.0.2.11']);
  });

  it('cannot be enrolled twice, with addresses of two families, or in any number', async () => {
    const again = (more: object) => client().createExporter({ body: fields(more) });
    await assert.rejects(again({ name: 'tor-2' }), codeIs('invalid-request'));
    await assert.rejects(again({ address: '192.0.2.12' }), codeIs('name-taken'));
    await assert.rejects(again({ name: 'six', address: 'fd00::1' }), codeIs('invalid-request'));
    await assert.rejects(again({ name: 'none', hostId: randomUUID() }), codeIs('invalid-request'));
    // One address written in two ways is one address.
    const six = { name: 'six', address: 'fd00:0::0:1', listen: 'fd00::2' };
    await client().createExporter({ body: fields(six) });
    await assert.rejects(again({ ...six, name: 'six-again', address: 'fd00::1' }), codeIs('invalid-request'));
    const more = Array.from({ length: MAX_EXPORTERS_PER_HOST }, (_, n) => ({
      ...{ name: `h2-${n}`, hostId: cloud.h2.hostId, address: `192.0.2.${n + 1}` },
    }));
    for (const one of more) await again(one);
    await assert.rejects(again({ ...more[0], name: 'one-more', address: '192.0.2.200' }), codeIs('exporters-full'));
    const { items } = await client().listExporters({ query: { q: 'h2-', limit: 1000 } });
    for (const { id } of items) await client().deleteExporter({ params: { id } });
  });

  it('are as their host says, and who is none is seen', async () => {
    h1.send({ type: 'exporters', exporters: [{ id: exporterId, ...REPORT }], strangers: [STRANGER] });
    const seen = await until('the report', async () => {
      const { report } = await client().getExporter({ params: { id: exporterId } });
      return report;
    });
    assert.deepEqual(seen, REPORT);
    const { items } = await client().listStrangers();
    assert.deepEqual(items, [{ ...STRANGER, hostId: cloud.h1.hostId, hostName: 'h1' }]);
    // Another host says nothing of it.
    const from = h2.received.length;
    h2.send({ type: 'exporters', exporters: [{ id: exporterId, ...REPORT, flows: 0 }], strangers: [] });
    await tell(h2, record({ net: 0 }));
    assert.ok(h2.received.length > from);
    assert.deepEqual((await client().getExporter({ params: { id: exporterId } })).report, REPORT);
  });

  it('tell of flows beside hosts, and nothing is counted twice', async () => {
    const query = { filter: `vm = "${observedVm(1).name}" and dst.port = 8443` };
    await tell(h1, record({ dstPort: 8443, rule: SYNTHETIC_RULES['same-tenant'] }));
    await tell(h1, record({ dstPort: 8443, exporter: exporterId, bytes: 900 }));
    const { items, total } = await client().listFlows({ query });
    assert.equal(total, 2);
    const seen = items.find(({ hostId }) => hostId === exporterId);
    assert.deepEqual(
      [seen?.point, seen?.src.vmId, seen?.dst.vmId, seen?.bytes, seen?.ruleNum],
      ['beside', observedVm(1).id, observedVm(2).id, 900, SYNTHETIC_RULES.observed],
    );
    const top = await client().topFlows({ query: { ...query, groupBy: 'dst.port', order: 'bytes', limit: 10 } });
    assert.deepEqual([top.total.flows, top.total.bytes], [1, 1000]);
    const named = await client().listFlows({ query: { filter: 'host = tor-1' } });
    assert.equal(named.total, 1);
  });

  it('are nothing that tenants see', async () => {
    const query = { filter: 'dst.port = 8443' };
    const { items, total } = await boss.client.listFlows({ query });
    assert.deepEqual([total, items[0]?.point], [1, 'egress']);
    await assert.rejects(boss.client.listExporters({ query: {} }), codeIs('not-permitted'));
    await assert.rejects(boss.client.listStrangers(), codeIs('not-permitted'));
    await assert.rejects(boss.client.createExporter({ body: fields({ name: 'mine' }) }), codeIs('not-permitted'));
  });

  it('are believed by the host that listens for them alone, and not when they are gone', async () => {
    await tell(h2, record({ dstPort: 9443, exporter: exporterId }));
    await tell(h1, record({ dstPort: 9443, exporter: randomUUID() }));
    assert.equal((await client().listFlows({ query: { filter: 'dst.port = 9443' } })).total, 0);
  });

  it('what they alone see counts', async () => {
    const outside = { srcIp: '198.51.100.1', dstIp: '198.51.100.2', srcMac: null, dstMac: null };
    await tell(h1, record({ ...outside, exporter: exporterId }));
    const query = { filter: 'src.ip = 198.51.100.1' };
    const { items } = await client().listFlows({ query });
    assert.deepEqual([items[0]?.point, items[0]?.src.vmId], ['egress', null]);
    const top = await client().topFlows({ query: { ...query, groupBy: 'dst.ip', order: 'bytes', limit: 10 } });
    assert.equal(top.total.bytes, 1000);
  });

  it('change with a revision, keep their network, and are told anew', async () => {
    const network = { name: 'fabric', vlan: null, cidrs: [], tenantId: null };
    const { id: networkId } = await client().createNetwork({ body: network });
    const { num } = await client().getNetwork({ params: { id: networkId } });
    const params = { id: exporterId };
    const body = { ...fields(), description: '', port: 6343, networkId, sampling: 1, revision: 1 };
    const changed = await client().updateExporter({ params, body });
    assert.deepEqual([changed.revision, changed.networkId, changed.report], [2, networkId, REPORT]);
    await until('the change', () => lastSent(h1)?.some((one) => one.network === num) || null);
    await assert.rejects(client().updateExporter({ params, body }), codeIs('stale-revision'));
    await assert.rejects(client().deleteNetwork({ params: { id: networkId } }), codeIs('in-use'));
    await client().deleteExporter({ params });
    await until('the end', () => lastSent(h1)?.every(({ id }) => id !== exporterId) || null);
    await assert.rejects(client().getExporter({ params }), codeIs('not-found'));
  });
});
