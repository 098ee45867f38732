import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type DomainModel, parseDomainXml, VM_NAMESPACE, writeDomainXml, writeInterfaceXml } from '../src/index.ts';

const live = readFileSync(join(import.meta.dirname, 'testdata/live-domain.xml'), 'utf8');

test('reads what the product uses', () => {
  const model = parseDomainXml(live);
  assert.equal(model.type, 'qemu');
  assert.equal(model.id, 3);
  assert.equal(model.name, 'web & co');
  assert.equal(model.uuid, 'c1f7f6dc-0c2c-4e5c-9a36-8c1f5f8f1f10');
  assert.equal(model.memoryKiB, 262_144);
  assert.equal(model.vcpus, 4);
  assert.equal(model.currentVcpus, 2);
  assert.equal(model.osType, 'hvm');
  assert.equal(model.arch, 'x86_64');
  assert.equal(model.memorySource, 'memfd');
  assert.equal(model.memoryAccess, 'shared');
  assert.deepEqual({ ...model.vm }, { ...model.vm, tenant: 'acme', tags: ['web', 'front'] });
  assert.deepEqual(
    model.interfaces.map(({ mac, bridge, virtualPort, interfaceId, target, mtu, linkState, alias }) => ({
      ...{ mac, bridge, virtualPort, interfaceId, target, mtu, linkState, alias },
    })),
    [
      {
        mac: '52:54:00:00:00:01',
        bridge: 'br-int',
        virtualPort: 'openvswitch',
        interfaceId: '5ad6c3a1-8c2f-4b5e-9f0e-3d8a9f6d1a11',
        target: 'vnet0',
        mtu: 1450,
        linkState: 'up',
        alias: 'net0',
      },
    ],
  );
  assert.deepEqual(model.interfaces[0]?.hostOffloads, { csum: false, gso: false });
  assert.equal(model.disks[0]?.file, '/var/lib/libvirt/images/web.qcow2');
  assert.equal(model.disks[1]?.readOnly, true);
  assert.equal(model.graphics[0]?.socket, '/run/vnc.sock');
  assert.equal(model.channels[0]?.targetName, 'org.hypervigil.agent.0');
  assert.equal(model.channels[0]?.state, 'connected');
  assert.equal(model.securityLabels[0]?.label, '+0:+0');
});

test('an unchanged model writes the very text it was read from', () => {
  assert.equal(writeDomainXml(parseDomainXml(live)), live);
});

test('a change touches its own place only', () => {
  const model = parseDomainXml(live);
  const changed = writeDomainXml({ ...model, vcpus: 8, interfaces: [{ ...model.interfaces[0]!, mtu: 1400 }] });
  const expected = live.replace('>4</vcpu>', '>8</vcpu>').replace('<mtu size="1450"/>', "<mtu size='1400'/>");
  assert.equal(changed, expected);
});

test('adds, removes and keeps list members', () => {
  const model = parseDomainXml(live);
  const xml = writeDomainXml({
    ...model,
    interfaces: [
      ...model.interfaces,
      { type: 'bridge', bridge: 'br-int', virtualPort: 'openvswitch', model: 'virtio' },
    ],
    disks: [model.disks[1]!],
  });
  const again = parseDomainXml(xml);
  assert.deepEqual(
    again.interfaces.map(({ mac }) => mac),
    ['52:54:00:00:00:01', undefined],
  );
  assert.equal(again.interfaces[1]?.virtualPort, 'openvswitch');
  assert.deepEqual(
    again.disks.map(({ target }) => target),
    ['sda'],
  );
  assert.ok(xml.includes('<?vendor keep me?>') && xml.includes('<!-- a comment > with signs & all -->'));
});

test('a value that is taken away leaves no empty element', () => {
  const model = parseDomainXml(live);
  const { mtu: _mtu, hostOffloads: _host, ...rest } = model.interfaces[0]!;
  const xml = writeDomainXml({ ...model, interfaces: [rest] });
  assert.ok(!xml.includes('<mtu') && !xml.includes('<host'));
  assert.ok(xml.includes('<driver name="vhost"'));
});

test("the product's metadata is made, changed and removed among foreign metadata", () => {
  const { vm: _vm, ...bare } = parseDomainXml(live);
  const removed = writeDomainXml(bare);
  assert.ok(!removed.includes(VM_NAMESPACE) && removed.includes('libosinfo'));
  const added = parseDomainXml(writeDomainXml({ ...parseDomainXml(removed), vm: { tenant: 'b', tags: ['x'] } }));
  assert.equal(added.vm?.tenant, 'b');
  assert.deepEqual(added.vm?.tags, ['x']);
});

test('writes a domain that was never read', () => {
  const model: DomainModel = {
    ...{ type: 'kvm', name: '<new>', memoryKiB: 1024, vcpus: 1, osType: 'hvm', vm: { tenant: "o'hara" } },
    interfaces: [{ type: 'network', network: 'default' }],
    ...{ disks: [], graphics: [], channels: [], consoles: [], serials: [], memories: [], securityLabels: [] },
  };
  const read = parseDomainXml(writeDomainXml(model));
  assert.equal(read.name, '<new>');
  assert.equal(read.vm?.tenant, "o'hara");
  assert.equal(read.interfaces[0]?.network, 'default');
  assert.equal(writeInterfaceXml({ type: 'user' }), "<interface type='user'/>");
});

test('memory in any unit reads as KiB', () => {
  const xml = (unit: string) => `<domain type='x'><name>n</name><memory unit='${unit}'>2</memory></domain>`;
  assert.equal(parseDomainXml(xml('GiB')).memoryKiB, 2_097_152);
  assert.equal(parseDomainXml(xml('bytes')).memoryKiB, 1);
});

test('refuses what is not a domain', () => {
  assert.throws(() => parseDomainXml('<network/>'), { code: 'bad-xml' });
  assert.throws(() => parseDomainXml("<domain type='x'/>"), { code: 'bad-xml' });
});
