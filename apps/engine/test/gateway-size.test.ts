import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DomainRef } from '@hypervigil/libvirt';
import { GatewayGroup } from '@hypervigil/model';
import fc from 'fast-check';
import { gatewayDomainXml } from '../src/gateways/domain.ts';
import { isOutgrown, isSized, readSize, resize, roomFor } from '../src/gateways/size.ts';

const domain = {} as DomainRef;
const { vcpus, memoryMiB } = GatewayGroup.shape;
const size = fc.record({
  vcpus: fc.integer({ min: vcpus.minValue!, max: vcpus.maxValue! }),
  memoryMiB: fc.integer({ min: memoryMiB.minValue!, max: memoryMiB.maxValue! }),
});
type Size = { readonly vcpus: number; readonly memoryMiB: number };
const host = fc.record({ cpus: fc.integer({ min: 1, max: 256 }), libVersion: fc.constantFrom(7_000_000, 9_000_000) });

/** What libvirt says of a gateway that was started so: it counts the whole device, which the guest takes as asked. */
function dumped(started: Size, on: { cpus: number; libVersion: number }): string {
  const id = '0f5a9a64-5b1e-4c3a-9d55-0d5f0d2b8c11';
  const gateway = { id, num: 1, group: 1, epoch: 0, drain: false, detect: false, ...started };
  const manifest = { measurement: 'a'.repeat(64) };
  const image = { kernel: '/k', initramfs: '/i', commandLine: 'quiet', manifest, release: 1 } as never;
  const room = roomFor(started, on);
  const xml = gatewayDomainXml({ gateway, image, bridge: 'br-int', channel: '/c', type: 'qemu', room });
  return xml
    .replace(/<memory unit='MiB'>(\d+)</, (_, boot: string) => `<memory unit='MiB'>${Number(boot) + room.moreMiB}<`)
    .replace(
      /<requested unit='MiB'>(\d+)<\/requested>/,
      (all, mib: string) => `${all}<current unit='MiB'>${mib}</current>`,
    );
}

test('a gateway starts with the size that it is to have, and can become whatever lies in its room', () => {
  fc.assert(
    fc.property(size, size, host, (started, wanted, on) => {
      const read = readSize(dumped(started, on));
      assert.ok(isSized(read, started) && !isOutgrown(read, started));
      assert.ok(read.maxVcpus <= Math.max(started.vcpus, on.cpus));
      assert.equal(read.moreMiB === 0, on.libVersion < 7_009_000);
      if (wanted.vcpus > read.maxVcpus) assert.ok(isOutgrown(read, wanted));
      if (read.moreMiB === 0 && wanted.memoryMiB !== started.memoryMiB) assert.ok(isOutgrown(read, wanted));
    }),
  );
});

test('what is changed of a running gateway is what differs, within its room', async () => {
  const change = async (started: Size, wanted: Size, cpus = 8) => {
    const said: string[] = [];
    const lib = {
      domainXml: async () => dumped(started, { cpus, libVersion: 9_000_000 }),
      setVcpus: async (_: DomainRef, count: number) => void said.push(`${count} vCPUs`),
      updateDevice: async (_: DomainRef, xml: string) =>
        void said.push(`${/<requested unit='MiB'>(\d+)</.exec(xml)![1]!} MiB more`),
    };
    const { refused } = await resize(lib, domain, wanted);
    assert.equal(refused, undefined);
    return said;
  };
  const small = { vcpus: 1, memoryMiB: 512 };
  assert.deepEqual(await change(small, small), []);
  assert.deepEqual(await change(small, { vcpus: 4, memoryMiB: 1024 }), ['704 MiB more', '4 vCPUs']);
  assert.deepEqual(await change({ vcpus: 4, memoryMiB: 1024 }, small), ['192 MiB more', '1 vCPUs']);
  assert.deepEqual(await change(small, { vcpus: 16, memoryMiB: 65_536 }), ['1728 MiB more', '8 vCPUs']);
});
