import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DomainEvents, isNotFound, type Libvirt, LibvirtError, parseDomainXml } from '../src/index.ts';

/** What holds of `test:///default`, whoever plays it: the fake daemon or libvirtd. */
export function operationTests(peer: string, connect: (driver: string) => Promise<Libvirt>): void {
  const withLibvirt = (name: string, body: (libvirt: Libvirt) => Promise<void>): void => {
    test(`${peer}: ${name}`, async () => {
      const libvirt = await connect('test:///default');
      try {
        await body(libvirt);
      } finally {
        await libvirt.close();
        assert.equal(await libvirt.closed, undefined);
      }
    });
  };

  withLibvirt('the host', async (libvirt) => {
    assert.equal(await libvirt.hypervisorType(), 'TEST');
    assert.ok((await libvirt.libVersion()) >= 7_000_000);
    const { model, memoryKiB, cpus, mhz, numaNodes } = await libvirt.nodeInfo();
    assert.deepEqual([model, memoryKiB, cpus, mhz, numaNodes], ['i686', 3_145_728, 16, 1400, 2]);
  });

  withLibvirt('domains, their definition and their traffic', async (libvirt) => {
    const [domain, ...others] = await libvirt.listDomains();
    assert.deepEqual(others, []);
    assert.deepEqual(domain, { name: 'test', uuid: '6695eb01-f6a4-8304-79aa-97f2502e193f', id: 1 });
    const model = parseDomainXml(await libvirt.domainXml(domain));
    assert.deepEqual([model.type, model.id, model.name], ['test', 1, 'test']);
    const info = await libvirt.domainInfo(domain);
    assert.deepEqual([info.state, info.maxMemoryKiB, info.memoryKiB, info.vcpus], ['running', 8388608, 2097152, 2]);
    assert.ok((await libvirt.interfaceStats(domain, 'testnet0')).rxBytes > 0);
  });

  withLibvirt('statistics of all domains', async (libvirt) => {
    // The test driver of libvirt 7.0 has none.
    if ((await libvirt.libVersion()) < 7_001_000)
      return assert.rejects(libvirt.allDomainStats(), { code: 'not-supported-by-host' });
    const [stats] = await libvirt.allDomainStats();
    assert.equal(stats?.domain.name, 'test');
    assert.equal(stats?.params['state.state'], 1);
  });

  withLibvirt('a change comes back as an event and as a state', async (libvirt) => {
    const domain = await libvirt.domainByName('test');
    const seen: DomainEvents['lifecycle'][] = [];
    const { promise: both, resolve } = Promise.withResolvers<void>();
    const stop = await libvirt.onDomainEvent('lifecycle', (event) => {
      if (seen.push(event) === 2) resolve();
    });
    await libvirt.suspend(domain);
    assert.deepEqual(await libvirt.domainState(domain), { state: 'paused', reason: 1 });
    await libvirt.resume(domain);
    assert.deepEqual(await libvirt.domainState(domain), { state: 'running', reason: 5 });
    await both;
    assert.deepEqual(
      seen.map(({ event, detail }) => [event, detail]),
      [
        ['suspended', 'paused'],
        ['resumed', 'unpaused'],
      ],
    );
    assert.deepEqual(seen[0]?.domain, domain);
    await stop();
    await stop();
    await libvirt.suspend(domain);
    await libvirt.resume(domain);
    assert.equal(seen.length, 2);
  });

  withLibvirt('pools and networks', async (libvirt) => {
    assert.deepEqual(
      (await libvirt.pools()).map(({ name }) => name),
      ['default-pool'],
    );
    assert.deepEqual(
      (await libvirt.networks()).map(({ name }) => name),
      ['default'],
    );
  });

  withLibvirt('errors are typed', async (libvirt) => {
    const missing = await libvirt.domainByName('nobody').catch((error: unknown) => error);
    assert.ok(missing instanceof LibvirtError && isNotFound(missing));
    assert.deepEqual([missing.code, missing.domain, missing.remote?.number], ['no-domain', 12, 42]);
    assert.match(missing.message, /Domain not found/);
    const domain = await libvirt.domainByName('test');
    await assert.rejects(libvirt.monitorCommand(domain, '{}'), { code: 'not-supported-by-host' });
    await assert.rejects(libvirt.secrets(), { code: 'not-supported-by-host' });
    await assert.rejects(libvirt.openGraphicsFd(domain), { code: 'needs-descriptor-passing' });
  });

  withLibvirt('many calls at once', async (libvirt) => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => libvirt.domainByName('test')));
    assert.equal(new Set(answers.map(({ uuid }) => uuid)).size, 1);
  });
}
