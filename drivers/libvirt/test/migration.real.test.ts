import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connectLibvirt, MIGRATE, migrateDirect } from '../src/index.ts';
import { qemuDomainXml, startRealDaemon } from '../src/testing/index.ts';

const here = await startRealDaemon({ hostname: 'host-a' });
after(() => here.stop());
const there = await startRealDaemon({ hostname: 'host-b' });
after(() => there.stop());
const source = await connectLibvirt(here.uri('qemu:///system'));
const target = await connectLibvirt(there.uri('qemu:///system'));
after(() => Promise.all([source.close(), target.close()]));

const OPTIONS = { uri: 'tcp://127.0.0.1', listenAddress: '127.0.0.1', flags: MIGRATE.live };
const LIMIT = { timeout: 60_000 };

test('a guest moves with this client as conductor, and its place is told', LIMIT, async () => {
  const domain = await source.createXml(qemuDomainXml('direct'));
  const events: string[] = [];
  const stop = await target.onDomainEvent('lifecycle', ({ event, detail }) => events.push(`${event} ${detail}`));
  const moved = await migrateDirect(source, target, domain, OPTIONS);
  assert.equal(moved.uuid, domain.uuid);
  assert.equal((await target.domainState(moved)).state, 'running');
  await assert.rejects(source.domainByName('direct'), { code: 'no-domain' });
  assert.ok(events.includes('started migrated'), events.join());
  await stop();
  await target.destroy(moved);
});

test('a paused guest stays paused', LIMIT, async () => {
  const domain = await source.createXml(qemuDomainXml('paused'), 1);
  const moved = await migrateDirect(source, target, domain, { ...OPTIONS, destinationName: 'other-name' });
  assert.equal(moved.name, 'other-name');
  assert.equal((await target.domainState(moved)).state, 'paused');
  await target.destroy(moved);
});

test('the daemons move a guest between themselves', LIMIT, async () => {
  const domain = await source.createXml(qemuDomainXml('p2p'));
  await source.migrateP2P(domain, there.uri('qemu:///system'), OPTIONS);
  const moved = await target.domainByName('p2p');
  assert.equal((await target.domainState(moved)).state, 'running');
  assert.equal((await source.listDomains()).length, 0);
  await target.destroy(moved);
});

test('the memory goes through the daemons where QEMU cannot reach QEMU', LIMIT, async () => {
  const domain = await source.createXml(qemuDomainXml('tunnelled'));
  const uri = there.uri('qemu:///system');
  const apart = { uri: 'tcp://127.0.0.2:49315', listenAddress: '127.0.0.1', flags: MIGRATE.live };
  await assert.rejects(source.migrateP2P(domain, uri, apart), { name: 'LibvirtError' });
  await source.migrateP2P(domain, uri, { flags: MIGRATE.live | MIGRATE.tunnelled });
  const moved = await target.domainByName('tunnelled');
  assert.equal((await target.domainState(moved)).state, 'running');
  const { type, params } = await target.jobStats(moved, { completed: true });
  assert.equal(type, 'completed');
  assert.ok(Number(params['memory_processed']) > 0);
  assert.equal((await source.listDomains()).length, 0);
  await target.destroy(moved);
});

test('a migration that fails leaves the guest where it was', LIMIT, async () => {
  const domain = await source.createXml(qemuDomainXml('stays'));
  // The target cannot prepare; then it waits at an address that the source does not go to.
  for (const uri of ['bogus://127.0.0.1', 'tcp://127.0.0.2:49315'])
    await assert.rejects(migrateDirect(source, target, domain, { ...OPTIONS, uri }), { name: 'LibvirtError' });
  assert.equal((await source.domainState(domain)).state, 'running');
  await assert.rejects(target.domainByName('stays'), { code: 'no-domain' });
  // Nothing of the attempts holds the domain: the next one succeeds.
  const moved = await migrateDirect(source, target, domain, OPTIONS);
  await target.destroy(moved);
});
