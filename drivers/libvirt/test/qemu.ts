import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import {
  connectLibvirt,
  type DomainEventKind,
  type DomainEvents,
  type Libvirt,
  parseDomainXml,
  writeDomainXml,
} from '../src/index.ts';
import { qemuDomainXml } from '../src/testing/index.ts';
import type { RealDaemon } from '../src/testing/real-daemon.ts';

const LIMIT = { timeout: 60_000 };

/** Resolves with the next event of a kind for which `wanted` holds. */
async function next<Kind extends DomainEventKind>(
  libvirt: Libvirt,
  kind: Kind,
  wanted: (event: DomainEvents[Kind]) => boolean = () => true,
): Promise<{ event: Promise<DomainEvents[Kind]> }> {
  const { promise, resolve } = Promise.withResolvers<DomainEvents[Kind]>();
  const stop = await libvirt.onDomainEvent(kind, (event) => {
    if (wanted(event)) resolve(event);
  });
  const event = promise.then(async (seen) => {
    await stop();
    return seen;
  });
  return { event };
}

/** Not `once`: leaving a loop over a stream destroys it with an error of its own. */
function closed(stream: Duplex): Promise<void> {
  return new Promise((resolve) => stream.once('close', resolve));
}

/** What holds of a libvirtd with QEMU, whatever their release. */
export function qemuTests(peer: string, daemon: RealDaemon): void {
  async function withLibvirt(body: (libvirt: Libvirt) => Promise<void>): Promise<void> {
    const libvirt = await connectLibvirt(daemon.uri('qemu:///system'));
    try {
      await body(libvirt);
    } finally {
      await libvirt.close();
    }
  }

  test(`${peer}: a guest lives: defined, started, changed, looked into, stopped, forgotten`, LIMIT, () =>
    withLibvirt(async (libvirt) => {
      const text = writeDomainXml({
        ...parseDomainXml(qemuDomainXml('life')),
        vm: { tenant: 'acme', tags: ['web', 'db'] },
      });
      const defined = await libvirt.defineXml(text, { validate: true });
      assert.equal(defined.id, -1);
      assert.deepEqual(await libvirt.domainState(defined), { state: 'shutoff', reason: 0 });

      const started = await next(libvirt, 'lifecycle', ({ event }) => event === 'started');
      const domain = await libvirt.create(defined);
      assert.ok(domain.id > 0);
      assert.equal((await started.event).detail, 'booted');

      const live = await libvirt.domainXml(domain);
      const model = parseDomainXml(live);
      assert.equal(writeDomainXml(model), live);
      assert.deepEqual([model.id, model.vm?.tenant, model.vm?.tags], [domain.id, 'acme', ['web', 'db']]);
      assert.equal(parseDomainXml(await libvirt.domainXml(domain, { inactive: true })).id, undefined);

      const status = JSON.parse(await libvirt.monitorCommand(domain, '{"execute":"query-status"}'));
      assert.equal(status.return.running, true);
      assert.match(await libvirt.monitorCommand(domain, 'info version', { human: true }), /^\d+\.\d+/);

      const added = await next(libvirt, 'device-added');
      await libvirt.attachDevice(
        domain,
        "<interface type='user'><mac address='52:54:00:12:34:56'/><model type='e1000'/></interface>",
        1,
      );
      const { device } = await added.event;
      const withNic = parseDomainXml(await libvirt.domainXml(domain));
      assert.deepEqual(
        withNic.interfaces.map(({ type, mac, alias }) => [type, mac, alias]),
        [['user', '52:54:00:12:34:56', device]],
      );

      const [stats] = await libvirt.allDomainStats([domain]);
      assert.equal(stats?.params['state.state'], 1);
      assert.equal(stats?.params['vcpu.current'], 1);
      assert.ok((await libvirt.domainInfo(domain)).cpuTimeNs > 0);
      assert.equal((await libvirt.vcpus(domain)).length, 1);
      assert.equal(await libvirt.vcpuCount(domain), 1);

      const monitor = await next(libvirt, 'qemu-monitor', ({ event }) => event === 'STOP');
      await libvirt.suspend(domain);
      assert.ok(Math.abs((await monitor.event).timestampMs - Date.now()) < 60_000);
      await libvirt.resume(domain);
      const rebooted = await next(libvirt, 'reboot');
      await libvirt.reset(domain);
      assert.equal((await rebooted.event).domain.uuid, domain.uuid);

      const changed = await next(libvirt, 'metadata-change');
      await libvirt.setMetadata(domain, 'title', 'A <title>', {}, 1);
      assert.equal((await changed.event).kind, 'title');
      assert.equal(await libvirt.metadata(domain, 'title'), 'A <title>');
      await assert.rejects(libvirt.metadata(domain, 'description'), { code: 'no-domain-metadata' });
      await assert.rejects(libvirt.agentCommand(domain, '{"execute":"guest-ping"}'), {
        code: 'argument-unsupported',
        message: /agent is not configured/,
      });

      const stopped = await next(libvirt, 'lifecycle', ({ event }) => event === 'stopped');
      await libvirt.destroy(domain);
      assert.equal((await stopped.event).detail, 'destroyed');
      await libvirt.undefine(domain);
      await assert.rejects(libvirt.domainXml(domain), { code: 'no-domain' });
    }),
  );

  test(`${peer}: a serial console is a stream both ways`, LIMIT, () =>
    withLibvirt(async (libvirt) => {
      const domain = await libvirt.createXml(qemuDomainXml('console'), 1);
      // QEMU looks once a second whether somebody reads; what the firmware says before is lost, so it may say it again.
      const again = setInterval(() => void libvirt.reset(domain).catch(() => undefined), 5_000);
      try {
        const terminal = await libvirt.openConsole(domain, { force: true });
        await libvirt.resume(domain);
        let text = '';
        for await (const chunk of terminal) {
          text += chunk;
          if (text.includes('SeaBIOS')) break;
        }
        assert.match(text, /SeaBIOS/);
        await closed(terminal);
        const second = await libvirt.openConsole(domain, { force: true });
        second.write('x');
        await closed(second.destroy());
      } finally {
        clearInterval(again);
        await libvirt.destroy(domain);
      }
    }),
  );

  test(`${peer}: memory is saved and comes back`, LIMIT, () =>
    withLibvirt(async (libvirt) => {
      const domain = await libvirt.create(await libvirt.defineXml(qemuDomainXml('saved')));
      await libvirt.managedSave(domain);
      assert.equal(await libvirt.hasManagedSave(domain), true);
      assert.equal((await libvirt.domainState(domain)).state, 'shutoff');
      const restored = await next(libvirt, 'lifecycle', ({ event }) => event === 'started');
      const again = await libvirt.create(domain);
      assert.equal((await restored.event).detail, 'restored');
      await libvirt.destroy(again);
      await libvirt.undefine(again);
    }),
  );

  test(`${peer}: tuning reads back`, LIMIT, () =>
    withLibvirt(async (libvirt) => {
      const domain = await libvirt.defineXml(qemuDomainXml('tuned'));
      await libvirt.setMaxMemory(domain, 65_536, 2);
      await libvirt.setMemory(domain, 49_152, 2);
      await libvirt.setMaxVcpus(domain, 2, 2);
      await libvirt.pinVcpu(domain, 0, [1], 2);
      const model = parseDomainXml(await libvirt.domainXml(domain));
      assert.deepEqual(
        [model.memoryKiB, model.currentMemoryKiB, model.vcpus, model.currentVcpus],
        [65_536, 49_152, 2, 1],
      );
      assert.deepEqual((await libvirt.vcpuPins(domain, 2, 2, 2))[0], [1]);
      assert.equal((await libvirt.numaParameters(domain, 2))['numa_mode'], 0);
      assert.equal((await libvirt.memoryParameters(domain, 2))['hard_limit'], Number.MAX_SAFE_INTEGER);
      await libvirt.setMemoryParameters(domain, [{ field: 'hard_limit', type: 'ullong', value: 99_328 }], 2);
      assert.equal((await libvirt.memoryParameters(domain, 2))['hard_limit'], 99_328);
      await libvirt.setSchedulerParameters(domain, [{ field: 'cpu_shares', type: 'ullong', value: 512 }], 2);
      assert.equal((await libvirt.schedulerParameters(domain, 2))['cpu_shares'], 512);
      assert.ok('weight' in (await libvirt.blkioParameters(domain, 2)));
      assert.deepEqual(await libvirt.emulatorPin(domain, 2, 2), [0, 1]);
      await libvirt.setAutostart(domain, true);
      assert.equal(await libvirt.autostart(domain), true);
      await libvirt.rename(domain, 'renamed');
      await libvirt.undefine(await libvirt.domainByName('renamed'));
    }),
  );

  test(`${peer}: a disk is looked at, limited, read and copied`, LIMIT, () =>
    withLibvirt(async (libvirt) => {
      const path = join(daemon.root, 'disk.raw');
      const content = randomBytes(1 << 20);
      await writeFile(path, content);
      const disk = `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${path}'/><target dev='vda' bus='virtio'/></disk>`;
      const domain = await libvirt.createXml(qemuDomainXml('disk', disk));
      try {
        assert.equal((await libvirt.blockInfo(domain, 'vda')).capacityBytes, content.length);
        assert.equal((await libvirt.blockStats(domain, 'vda')).writeBytes, 0);
        assert.ok('rd_bytes' in (await libvirt.blockStatsDetail(domain, 'vda')));
        assert.deepEqual(Buffer.from(await libvirt.blockPeek(domain, 'vda', 512, 64)), content.subarray(512, 576));
        await libvirt.setBlockIoTune(domain, 'vda', [{ field: 'total_bytes_sec', type: 'ullong', value: 1 << 20 }]);
        assert.equal((await libvirt.blockIoTune(domain, 'vda'))['total_bytes_sec'], 1 << 20);
        assert.deepEqual(await libvirt.diskErrors(domain), []);
        assert.equal(await libvirt.blockJobInfo(domain, 'vda'), undefined);
        const ready = await next(libvirt, 'block-job-2', ({ status }) => status === 'ready');
        const copy = join(daemon.root, 'copy.raw');
        await libvirt.setBlockIoTune(domain, 'vda', [{ field: 'total_bytes_sec', type: 'ullong', value: 0 }]);
        await libvirt.blockCopy(domain, 'vda', `<disk type='file'><driver type='raw'/><source file='${copy}'/></disk>`);
        const { disk: target, type } = await ready.event;
        assert.deepEqual([target, type], ['vda', 'copy']);
        await libvirt.blockJobAbort(domain, 'vda');
        assert.ok((await readFile(copy)).equals(content));
        const memory = await libvirt.memoryPeek(domain, 0xffff0n, 16);
        assert.equal(memory.length, 16);
      } finally {
        await libvirt.destroy(domain);
      }
    }),
  );

  test(`${peer}: a volume carries its bytes up and down`, LIMIT, () =>
    withLibvirt(async (libvirt) => {
      const path = join(daemon.root, 'pool');
      await mkdir(path);
      const pool = await libvirt.createPoolXml(
        `<pool type='dir'><name>p</name><target><path>${path}</path></target></pool>`,
      );
      assert.equal((await libvirt.poolInfo(pool)).state, 'running');
      const size = 5_000_000;
      const volume = await libvirt.createVolumeXml(
        pool,
        `<volume><name>v.raw</name><capacity unit='bytes'>${size}</capacity><target><format type='raw'/></target></volume>`,
      );
      assert.equal(volume.key, join(path, 'v.raw'));
      const data = randomBytes(size);
      await pipeline([data], await libvirt.uploadVolume(volume));
      const back = Buffer.concat(await (await libvirt.downloadVolume(volume)).toArray());
      assert.ok(back.equals(data));
      const part = Buffer.concat(await (await libvirt.downloadVolume(volume, { offset: 1000, length: 10 })).toArray());
      assert.deepEqual(part, data.subarray(1000, 1010));
      const half = await libvirt.downloadVolume(volume);
      for await (const _chunk of half) break;
      assert.equal((await libvirt.volumeInfo(volume)).capacityBytes, size);
      await libvirt.wipeVolume(volume);
      const wiped = Buffer.concat(await (await libvirt.downloadVolume(volume)).toArray());
      // libvirt wipes what is allocated, which may be a little more than the capacity.
      assert.ok(wiped.length >= size && wiped.every((byte) => byte === 0));
      await assert.rejects(libvirt.volumeByName(pool, 'none'), { code: 'no-storage-volume' });
      await libvirt.deleteVolume(volume);
      await libvirt.destroyPool(pool);
      await assert.rejects(libvirt.poolByName('p'), { code: 'no-storage-pool' });
    }),
  );

  test(`${peer}: the host tells what it can run`, LIMIT, () =>
    withLibvirt(async (libvirt) => {
      assert.match(await libvirt.capabilities(), /<arch name='x86_64'>/);
      assert.match(await libvirt.domainCapabilities({ arch: 'x86_64', virtType: 'qemu' }), /<domainCapabilities>/);
      assert.ok((await libvirt.freeMemoryBytes()) > 0);
      assert.ok(Number((await libvirt.nodeCpuStats())['idle']) > 0);
      assert.ok(Number((await libvirt.nodeMemoryStats())['total']) > 0);
      assert.equal((await libvirt.securityModel()).model, 'none');
    }),
  );

  test(`${peer}: networks and secrets`, LIMIT, () =>
    withLibvirt(async (libvirt) => {
      const network = await libvirt.defineNetworkXml(
        "<network><name>n</name><forward mode='bridge'/><bridge name='br-none'/></network>",
      );
      assert.match(await libvirt.networkXml(network), /br-none/);
      await libvirt.undefineNetwork(network);
      await assert.rejects(libvirt.networkByName('n'), { code: 'no-network' });

      const secret = await libvirt.defineSecretXml(
        "<secret ephemeral='yes'><usage type='volume'><volume>/v</volume></usage></secret>",
      );
      await libvirt.setSecretValue(secret, Buffer.from('key'));
      assert.deepEqual(Buffer.from(await libvirt.secretValue(secret)), Buffer.from('key'));
      assert.deepEqual(await libvirt.secretByUsage(1, '/v'), secret);
      await libvirt.undefineSecret(secret);
      await assert.rejects(libvirt.secretByUuid(secret.uuid), { code: 'no-secret' });
    }),
  );

  test(`${peer}: a read-only connection reads only`, LIMIT, async () => {
    const socket = join(daemon.root, 'run/libvirt/libvirt-sock-ro');
    const libvirt = await connectLibvirt(`qemu+unix:///system?socket=${socket}`, { readOnly: true });
    assert.match(await libvirt.capabilities(), /<capabilities>/);
    await assert.rejects(libvirt.defineXml(qemuDomainXml('refused')), { code: 'operation-denied' });
    await libvirt.close();
  });
}
