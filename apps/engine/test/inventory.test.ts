import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import type { EngineMessage } from '@hypervigil/contract';
import { LibvirtError } from '@hypervigil/libvirt';
import { observe } from '../src/inventory/facts.ts';
import { createInventory, type Inventory, type InventoryLibvirt } from '../src/inventory/inventory.ts';
import { createReporter, type Reporter } from '../src/inventory/reporter.ts';
import { silentLog } from '../src/testing/silent-log.ts';
import { until } from '../src/testing/until.ts';

type Listener = (event: { domain: { uuid: string; name: string; id: number } }) => void;

/** A host whose events can be withheld: what no real libvirtd does on demand. */
function host() {
  const vms = new Map<string, { name: string; state: 'running' | 'shutoff'; memory: number }>();
  const listeners = new Set<Listener>();
  const ref = (uuid: string) => ({ uuid, name: vms.get(uuid)?.name ?? '', id: 1 });
  const find = (uuid: string) => {
    const vm = vms.get(uuid);
    if (!vm) throw new LibvirtError('no-domain', 'there is none');
    return vm;
  };
  const libvirt: InventoryLibvirt = {
    listDomains: async () => [...vms.keys()].map(ref),
    async domainXml({ uuid }) {
      const { name, memory } = find(uuid);
      return `<domain type='kvm'><name>${name}</name><uuid>${uuid}</uuid><memory unit='MiB'>${memory}</memory></domain>`;
    },
    domainState: async ({ uuid }) => ({ state: find(uuid).state, reason: 1 }),
    async onDomainEvent(_kind, listener) {
      listeners.add(listener as unknown as Listener);
      return async () => {};
    },
  };
  const tell = (uuid: string): void => {
    for (const listener of listeners) listener({ domain: ref(uuid) });
  };
  return { vms, libvirt, tell };
}
const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';

suite('the inventory', () => {
  let kvm: ReturnType<typeof host>;
  let inventory: Inventory;
  let reporter: Reporter;
  let sent: EngineMessage[];

  beforeEach(async () => {
    kvm = host();
    sent = [];
    inventory = createInventory({ onChange: (id) => reporter.vm(id), log: silentLog, graceMs: 20 });
    reporter = createReporter({
      ids: () => inventory.vms().keys(),
      observe(id) {
        const vm = inventory.vms().get(id);
        return vm && observe(vm, { ports: new Map(), enforced: new Set() });
      },
      send: (message) => sent.push(message) > 0,
    });
    kvm.vms.set(A, { name: 'a', state: 'running', memory: 64 });
    await inventory.attach(kvm.libvirt);
    reporter.everything('start', []);
  });

  test('an event is told once, and what did not change is not told', async () => {
    kvm.vms.set(A, { name: 'a', state: 'shutoff', memory: 64 });
    kvm.tell(A);
    kvm.tell(A);
    await until(() => sent.length === 2);
    kvm.tell(A);
    assert.deepEqual(await inventory.readAll(), []);
    assert.deepEqual(
      sent.map((m) => (m.type === 'vm' ? m.vm.state : m.type)),
      ['inventory', 'shutoff'],
    );
  });

  test('what no event told is found by a full read, told, and reported as drift', async () => {
    kvm.vms.set(B, { name: 'b', state: 'running', memory: 64 });
    kvm.vms.set(A, { name: 'a', state: 'running', memory: 128 });
    assert.deepEqual((await inventory.readAll()).sort(), ['a: memoryMiB differed', 'b: was not known']);
    assert.equal(sent.filter(({ type }) => type === 'vm').length, 2);
    kvm.vms.delete(B);
    assert.deepEqual(await inventory.readAll(), ['b: is gone']);
    assert.deepEqual(sent.at(-1), { type: 'vm.gone', id: B });
    assert.deepEqual(await inventory.readAll(), []);
  });

  test('an event that comes just after the read that found its change is no drift', async () => {
    kvm.vms.set(B, { name: 'b', state: 'running', memory: 64 });
    const reading = inventory.readAll();
    await until(() => inventory.vms().has(B));
    kvm.tell(B);
    assert.deepEqual(await reading, []);
  });

  test('while libvirt is away what is known is kept, and said to be old', () => {
    inventory.detach();
    assert.equal(inventory.live(), false);
    assert.equal(inventory.vms().size, 1);
  });
});
