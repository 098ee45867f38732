import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connectLibvirt, parseDomainXml } from '../src/index.ts';
import { startRealDaemon, testNodeXml } from '../src/testing/index.ts';

const COUNT = 1_000;
const daemon = await startRealDaemon();
after(() => daemon.stop());
const node = join(daemon.root, 'node.xml');
await writeFile(node, testNodeXml(COUNT));

test('a thousand domains are read at once', async () => {
  const libvirt = await connectLibvirt(daemon.uri(`test://${node}`));
  const domains = await libvirt.listDomains();
  const [models, stats] = await Promise.all([
    Promise.all(domains.map(async (domain) => parseDomainXml(await libvirt.domainXml(domain)))),
    libvirt.allDomainStats(),
  ]);
  assert.deepEqual([domains.length, stats.length], [COUNT, COUNT]);
  models.forEach((model, index) => {
    assert.equal(model.uuid, domains[index]?.uuid);
    assert.equal(model.interfaces[0]?.bridge, 'br-int');
  });
  await libvirt.close();
});

test('a thousand domains change at once, and every change is heard once', async () => {
  const libvirt = await connectLibvirt(daemon.uri(`test://${node}`));
  const domains = await libvirt.listDomains();
  const heard = new Map<string, number>();
  const all = Promise.withResolvers<void>();
  await libvirt.onDomainEvent('lifecycle', ({ domain, event }) => {
    assert.equal(event, 'suspended');
    heard.set(domain.uuid, (heard.get(domain.uuid) ?? 0) + 1);
    if (heard.size === COUNT) all.resolve();
  });
  await Promise.all(domains.map((domain) => libvirt.suspend(domain)));
  await all.promise;
  assert.ok([...heard.values()].every((times) => times === 1));
  const states = await Promise.all(domains.map((domain) => libvirt.domainState(domain)));
  assert.ok(states.every(({ state }) => state === 'paused'));
  await libvirt.close();
});

test('when the daemon dies, whatever is under way ends with a typed error', async () => {
  const doomed = await startRealDaemon();
  const libvirt = await connectLibvirt(doomed.uri('test:///default'));
  const domain = await libvirt.domainByName('test');
  const calls = Array.from({ length: 500 }, () => libvirt.domainXml(domain));
  const settled = Promise.allSettled(calls);
  await doomed.stop();
  for (const outcome of await settled) if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'closed');
  assert.equal(((await libvirt.closed) as { code?: string }).code, 'closed');
  await assert.rejects(libvirt.listDomains(), { code: 'closed' });
});
