import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ObservedVm } from '@hypervigil/contract';
import { LibvirtError } from '@hypervigil/libvirt';
import fc from 'fast-check';
import { readDomain } from '../src/inventory/domain.ts';
import { observe } from '../src/inventory/facts.ts';

const running = { state: 'running', reason: 1 } as const;
const domain = (body: string): string => `<domain type='kvm' id='3'>
  <name>web-1</name><uuid>5C2F4D2A-1B2C-4D5E-8F90-ABCDEF012345</uuid>
  <memory unit='MiB'>512</memory><vcpu>2</vcpu>${body}</domain>`;
const nic = `<devices><interface type='bridge'>
    <mac address='52:54:00:00:00:0A'/><source bridge='br-int'/>
    <virtualport type='openvswitch'><parameters interfaceid='0f5a9a64-5b1e-4c3a-9d55-0d5f0d2b8c11'/></virtualport>
    <target dev='vnet3'/></interface></devices>`;
const metadata = `<metadata><x:vm xmlns:x='https://hypervigil.dev/xmlns/vm/1' tenant='blue' tags='app=web,tier=front,alone'>
  <x:nic mac='52:54:00:00:00:0a' network='blue-net' ipv4='10.0.0.5,nonsense' ipv6='fd00::5'/></x:vm></metadata>`;

suite('what is kept of a domain', () => {
  test('identity, size, claims and vNICs', () => {
    const vm = readDomain(domain(metadata + nic), running, false);
    assert.deepEqual(vm, {
      id: '5c2f4d2a-1b2c-4d5e-8f90-abcdef012345',
      name: 'web-1',
      state: 'running',
      vcpus: 2,
      memoryMiB: 512,
      hypervisor: 'kvm',
      incoming: false,
      handingOver: false,
      claims: { tenant: 'blue', tags: { app: 'web', tier: 'front', alone: '' } },
      nics: [
        {
          id: '0f5a9a64-5b1e-4c3a-9d55-0d5f0d2b8c11',
          mac: '52:54:00:00:00:0a',
          device: 'vnet3',
          bridge: 'br-int',
          claims: { network: 'blue-net', ipv4: ['10.0.0.5'], ipv6: ['fd00::5'] },
        },
      ],
    });
  });

  test('an element of another namespace claims nothing', () => {
    const foreign = metadata.replace('hypervigil.dev', 'elsewhere.example');
    const vm = readDomain(domain(foreign + nic), running, false);
    assert.deepEqual(vm.claims, { tenant: null, tags: {} });
    assert.deepEqual(vm.nics[0]?.claims, { network: null, ipv4: [], ipv6: [] });
  });

  test('paused by a migration: arriving, unless it ran here', () => {
    const paused = { state: 'paused', reason: 2 } as const;
    assert.equal(readDomain(domain(''), paused, false).incoming, true);
    const leaving = readDomain(domain(''), paused, true);
    assert.deepEqual([leaving.incoming, leaving.handingOver], [false, true]);
    assert.equal(readDomain(domain(''), { state: 'paused', reason: 1 }, false).handingOver, false);
  });

  test('whatever the metadata holds, what is reported keeps the contract', () => {
    const attribute = fc.string({ maxLength: 300, unit: 'grapheme' }).map((text) => text.replace(/[<>&'"]/g, '_'));
    const runs = Number(process.env['HV_FUZZ'] ?? 20_000) / 20;
    fc.assert(
      fc.property(attribute, attribute, attribute, attribute, (tenant, tags, network, addresses) => {
        const hostile = `<metadata><x:vm xmlns:x='https://hypervigil.dev/xmlns/vm/1' tenant='${tenant}' tags='${tags}'>
          <x:nic mac='52:54:00:00:00:0a' network='${network}' ipv4='${addresses}' ipv6='${addresses}'/></x:vm></metadata>`;
        const vm = observe(readDomain(domain(hostile + nic), running, false), {
          ports: new Map(),
          enforced: new Set(),
        });
        ObservedVm.parse(vm);
      }),
      { numRuns: runs },
    );
  });

  test('hostile XML is a typed error', () => {
    const runs = Number(process.env['HV_FUZZ'] ?? 20_000) / 10;
    const whole = domain(metadata + nic);
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(40), fc.string({ maxLength: 20 }), (at, cut, text) => {
        try {
          readDomain(whole.slice(0, at) + text + whole.slice(at + cut), running, false);
        } catch (error) {
          assert(error instanceof LibvirtError || (error as Error).name === 'ZodError', String(error));
        }
      }),
      { numRuns: runs },
    );
  });
});
