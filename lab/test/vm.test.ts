import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { demoCloud } from '../src/demo.ts';
import { parseAnswer } from '../src/vm/channel.ts';
import { kernelCommandLine } from '../src/vm/cmdline.ts';
import { addressOf, macOf, type VmRequest, vmSpec } from '../src/vm/spec.ts';
import { encodeTraffic } from '../src/vm/traffic.ts';
import { domainXml, escapeXml } from '../src/vm/xml.ts';

const FUZZ = Number(process.env['HV_FUZZ'] ?? 20_000);

const request: VmRequest = { host: 'h1', name: 'web1', tenant: 'acme', ipv4: '10.77.0.11/24', ipv6: 'fd77::11/64' };
const options = {
  uuid: '6d8c2a1c-0000-8000-a000-000000000001',
  interfaceId: '6d8c2a1c-0000-8000-a000-000000000002',
  image: { kernel: '/k', initramfs: '/i', type: 'qemu' },
  channel: '/run/hv-web1.sock',
} as const;

test('a request is filled in the same way each time', () => {
  const spec = vmSpec(request);
  assert.deepEqual(spec, vmSpec(request));
  assert.equal(spec.mac, macOf('web1'));
  assert.match(spec.mac, /^52:54:00(:[0-9a-f]{2}){3}$/);
  assert.equal(addressOf(spec.ipv6), 'fd77::11');
});

test('what could not be a VM is refused', () => {
  const bad: Partial<VmRequest>[] = [
    { name: 'a b' },
    { host: 'h/1' },
    { tenant: 'Acme"' },
    { ipv4: '10.77.0.11' },
    { ipv4: '10.77.0.256/24' },
    { ipv6: 'fd77::11/129' },
    { mac: '52:54:00:xx:00:00' },
    { vlan: 4095 },
    { memoryMiB: 1 },
    { tags: { 'a b': 'c' } },
    { tags: { a: 'x,y' } },
  ];
  for (const change of bad) assert.throws(() => vmSpec({ ...request, ...change }), /./, JSON.stringify(change));
});

test("the domain carries the product's metadata, the switch port's identity and the control channel", () => {
  const xml = domainXml(vmSpec({ ...request, tags: { tier: 'web', env: 'prod' } }), options);
  assert.match(xml, /<domain type='qemu'>/);
  assert.match(
    xml,
    /<hv:vm xmlns:hv="https:\/\/hypervigil\.dev\/xmlns\/vm\/1" tenant="acme" tags="tier=web,env=prod">/,
  );
  assert.match(xml, /<hv:nic mac="52:54:00:[0-9a-f:]+" network="prod" ipv4="10\.77\.0\.11" ipv6="fd77::11"\/>/);
  assert.match(xml, /interfaceid='6d8c2a1c-0000-8000-a000-000000000002'/);
  assert.match(xml, /<target type='virtio' name='org\.hypervigil\.lab\.0'\/>/);
  assert.match(xml, /<source type='memfd'\/><access mode='shared'\/>/);
});

test("full guests alone have a channel for QEMU's agent", () => {
  const agent = /name='org\.qemu\.guest_agent\.0'/;
  assert.match(domainXml(vmSpec({ ...request, guest: 'debian' }), options), agent);
  assert.doesNotMatch(domainXml(vmSpec(request), options), agent);
});

test('text in XML cannot end its attribute or element', () => {
  fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(escapeXml(text))));
});

test('traffic of every demo VM fits the command line of a kernel', () => {
  for (const vm of demoCloud()) assert.ok(kernelCommandLine(vmSpec(vm)).length < 2048, vm.name);
});

test('traffic is encoded in the form that the guest reads', () => {
  const text = encodeTraffic([
    { serve: 'http', port: 80 },
    { call: 'db', to: 'fd77::12', port: 5432, everyS: 0.5 },
    { call: 'ping', to: '10.0.0.1', everyS: 3 },
  ]);
  assert.equal(text, 's,http,80;c,db,fd77::12,5432,0.5;c,ping,10.0.0.1,0,3');
  assert.throws(() => encodeTraffic([{ call: 'http', to: 'a b', port: 1, everyS: 1 }]), { code: 'LAB_VM' });
  const many = Array.from({ length: 200 }, () => ({ serve: 'http', port: 80 }) as const);
  assert.throws(() => encodeTraffic(many), { code: 'LAB_VM' });
});

test('a demo VM has an address, a hardware address and a name of its own', () => {
  const specs = demoCloud().map(vmSpec);
  for (const key of ['name', 'mac', 'ipv4', 'ipv6'] as const)
    assert.equal(new Set(specs.map((s) => s[key])).size, specs.length, key);
  assert.deepEqual(new Set(specs.map((s) => s.tenant)), new Set(['acme', 'globex']));
});

test('an answer counts only when it is whole and for this request', () => {
  const whole = { id: '1', code: 0, stdout: 'o', stderr: '', timedOut: false };
  assert.deepEqual(parseAnswer(JSON.stringify(whole), '1'), { code: 0, stdout: 'o', stderr: '', timedOut: false });
  assert.equal(parseAnswer(JSON.stringify(whole), '2'), undefined);
  for (const bad of ['', 'x', 'null', '[]', '{}', '{"id":"1"}', '{"id":"1","code":"0","stdout":"","stderr":""}']) {
    assert.equal(parseAnswer(bad, '1'), undefined, bad);
  }
});

test('no line from a guest is more than an answer or nothing', () => {
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    fc.record({ id: fc.constant('1'), code: fc.jsonValue(), stdout: fc.jsonValue() }).map((v) => JSON.stringify(v)),
  );
  fc.assert(
    fc.property(line, (text) => {
      const answer = parseAnswer(text, '1');
      return answer === undefined || (typeof answer.code === 'number' && typeof answer.stdout === 'string');
    }),
    { numRuns: FUZZ },
  );
});
