import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLibvirtUri, type UriEnvironment } from '../src/uri.ts';

const environment = (...existing: string[]): UriEnvironment => ({
  runDir: '/run',
  userRunDir: '/run/user/7',
  exists: (path) => existing.includes(path),
});
const parse = (uri: string, options = {}, ...existing: string[]) =>
  parseLibvirtUri(uri, options, environment(...existing));

test('local addresses lead to a socket', () => {
  const cases: [string, string, string][] = [
    ['qemu:///system', '/run/libvirt/libvirt-sock', 'qemu:///system'],
    ['qemu:///session', '/run/user/7/libvirt/libvirt-sock', 'qemu:///session'],
    ['test:///default', '/run/libvirt/libvirt-sock', 'test:///default'],
    ['qemu+unix:///system?socket=%2Ftmp%2Fa%20b', '/tmp/a b', 'qemu:///system'],
    ['test+unix:///tmp/node.xml?socket=/s', '/s', 'test:///tmp/node.xml'],
    ['qemu:///system?mode=direct', '/run/libvirt/virtqemud-sock', 'qemu:///system'],
    ['qemu:///system?name=qemu:///embed', '/run/libvirt/libvirt-sock', 'qemu:///embed'],
    ['qemu:///embed?root=/tmp/x&socket=/s', '/s', 'qemu:///embed?root=%2Ftmp%2Fx'],
  ];
  for (const [uri, path, driverUri] of cases)
    assert.deepEqual(parse(uri), { transport: { kind: 'unix', path }, driverUri }, uri);
});

test('modular daemons are found by their sockets', () => {
  const direct = '/run/libvirt/virtqemud-sock';
  const legacy = '/run/libvirt/libvirt-sock';
  const path = (...existing: string[]) => parse('qemu:///system', {}, ...existing).transport;
  assert.deepEqual(path(direct), { kind: 'unix', path: direct });
  assert.deepEqual(path(direct, legacy), { kind: 'unix', path: legacy });
  assert.deepEqual(path(), { kind: 'unix', path: legacy });
  assert.deepEqual(parse('qemu:///system', { readOnly: true }, `${direct}-ro`).transport, {
    kind: 'unix',
    path: `${direct}-ro`,
  });
});

test('remote addresses lead to a host', () => {
  assert.deepEqual(parse('qemu://host/system').transport, {
    ...{ kind: 'tls', host: 'host', port: 16514, pkiPath: '/etc/pki', verify: true },
  });
  assert.deepEqual(parse('qemu+tls://[fe80::1]:99/system?pkipath=/p&no_verify=1').transport, {
    ...{ kind: 'tls', host: 'fe80::1', port: 99, pkiPath: '/p', verify: false },
  });
  assert.deepEqual(parse('qemu+tcp://user@host/system'), {
    transport: { kind: 'tcp', host: 'host', port: 16509 },
    driverUri: 'qemu:///system',
  });
});

test('what cannot be used is refused with what to write instead', () => {
  const cases: [string, RegExp][] = [
    ['', /write it like/],
    ['qemu', /write it like/],
    ['qemu+ssh://host/system', /"ssh" is not supported/],
    ['qemu+unix://host/system', /has no host/],
    ['qemu+tcp:///system', /write the host/],
    ['qemu+tcp://host:0/system', /is no port/],
    ['qemu+tcp://host:99999/system', /is no port/],
    ['qemu+tls://a:b:c/system', /write the host/],
  ];
  for (const [uri, message] of cases) assert.throws(() => parse(uri), { code: 'bad-uri', message }, uri);
});
