import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBusyMeter, parseTicks } from '../src/appliance/processor.ts';
import { kernelPackages, loadOrder } from '../src/image/kernel.ts';
import { recipeKey } from '../src/image/recipe-key.ts';

test('a recipe has one key in whatever order it is written, and another when anything changes', () => {
  const key = recipeKey({ kernel: '6.1', init: 'echo' });
  assert.equal(recipeKey({ init: 'echo', kernel: '6.1' }), key);
  assert.notEqual(recipeKey({ kernel: '6.1', init: 'echo ' }), key);
  assert.notEqual(recipeKey({ kernel: '6.1' }), key);
  // Moving text from one part into another is a change.
  assert.notEqual(recipeKey({ a: 'xy', b: 'z' }), recipeKey({ a: 'x', b: 'yz' }));
});

test('modules come after what they need, each once, and what the kernel has built in is left out', () => {
  const modulesDep = [
    'kernel/drivers/virtio/virtio.ko.xz: kernel/drivers/virtio/virtio_ring.ko.xz',
    'kernel/drivers/virtio/virtio_ring.ko.xz:',
    'kernel/net/core/failover.ko:',
    'kernel/drivers/net/net_failover.ko: kernel/net/core/failover.ko',
    'kernel/drivers/net/virtio_net.ko: kernel/drivers/net/net_failover.ko kernel/net/core/failover.ko kernel/drivers/virtio/virtio.ko.xz kernel/drivers/virtio/virtio_ring.ko.xz',
    'kernel/drivers/char/virtio-console.ko: kernel/drivers/virtio/virtio.ko.xz kernel/drivers/virtio/virtio_ring.ko.xz',
  ].join('\n');
  const order = loadOrder(modulesDep, ['virtio_net', 'virtio_console', 'af_packet']).map((p) => p.replace(/^.*\//, ''));
  assert.deepEqual(order, [
    'virtio_ring.ko.xz',
    'virtio.ko.xz',
    'failover.ko',
    'net_failover.ko',
    'virtio_net.ko',
    'virtio-console.ko',
  ]);
});

test('kernel packages are read from what apt-cache prints, on Debian and on Ubuntu', () => {
  const debian =
    'linux-image-cloud-amd64\n  Depends: linux-image-6.1.0-56-cloud-amd64\nlinux-image-6.1.0-56-cloud-amd64\n  Depends: kmod\n';
  assert.deepEqual(kernelPackages(debian), ['linux-image-6.1.0-56-cloud-amd64']);
  const ubuntu =
    'linux-image-virtual\n  Depends: linux-image-6.8.0-40-generic\nlinux-image-6.8.0-40-generic\n |Depends: kmod\n  Depends: linux-modules-6.8.0-40-generic\n';
  assert.deepEqual(kernelPackages(ubuntu), ['linux-image-6.8.0-40-generic', 'linux-modules-6.8.0-40-generic']);
});

test('how busy the processors are is damped over a minute, packets included, and waits for something to compare', () => {
  const stat = (working: number, idle: number) => `cpu  ${working} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 1 2 3\n`;
  assert.deepEqual(parseTicks('cpu  1 2 3 40 5 6 7 8 9 10\n'), { working: 27, all: 72 });
  const said = [stat(100, 900), stat(100, 900), stat(600, 1400), stat(6600, 1400), stat(6600, 61_400)];
  const busy = createBusyMeter(
    () => 1,
    () => said.shift()!,
  );
  assert.equal(busy(), null);
  assert.equal(busy(), 0.5);
  const afterAMinute = busy()!;
  assert.ok(afterAMinute > 0.8 && afterAMinute < 0.9, String(afterAMinute));
  assert.ok(busy()! < 0.01);
});
