import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hostsFile, libvirtdConf } from '../src/host/config.ts';
import { parseLdd } from '../src/image/initramfs.ts';
import { checkHostName, checkVmName, labNames, managementAddress, stableUuid } from '../src/names.ts';
import { parseStat } from '../src/process.ts';
import { lastingFlows } from '../src/protections.ts';
import { parseList } from '../src/status.ts';

test('libraries are read from what ldd prints', () => {
  const text =
    '\tlinux-vdso.so.1 (0x00007f86127a4000)\n\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f86126a4000)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f8612798000)\n';
  assert.deepEqual(parseLdd(text), ['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2']);
  assert.deepEqual(parseLdd('\tstatically linked\n'), []);
});

test('the start of a process is read past a name with spaces and brackets', () => {
  const rest = ['S', ...Array<string>(18).fill('0'), '4711', '0'];
  assert.deepEqual(parseStat(`12 (a) b (c) ${rest.join(' ')}`), { state: 'S', startTicks: 4711 });
  fc.assert(
    fc.property(fc.string(), (text) => {
      const stat = parseStat(text);
      return stat === undefined || Number.isSafeInteger(stat.startTicks);
    }),
  );
});

test('names that could break a path, an interface or a command are refused', () => {
  for (const bad of ['', '../x', 'a b', 'A', '1a', 'toolonglabid', 'a-b']) {
    assert.throws(() => labNames(bad), { code: 'LAB_BAD_NAME' }, bad);
    assert.throws(() => checkHostName(bad), { code: 'LAB_BAD_NAME' }, bad);
  }
  for (const bad of ['', '-x', 'a/b', 'x'.repeat(32), 'a;b'])
    assert.throws(() => checkVmName(bad), { code: 'LAB_BAD_NAME' });
  assert.ok(labNames('abcdefgh').managementLink.length <= 15);
});

test('addresses and ids follow from names', () => {
  assert.equal(managementAddress(0), '10.254.0.1');
  assert.equal(managementAddress(7, 1), '10.254.7.12');
  assert.match(stableUuid('lab', 'vm/a'), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(stableUuid('lab', 'vm/a'), stableUuid('lab', 'vm/a'));
  assert.notEqual(stableUuid('lab', 'vm/a'), stableUuid('lab', 'vm/b'));
});

test('libvirt listens with TLS and never in the clear', () => {
  const conf = libvirtdConf({ hostUuid: 'u', listenAddress: '10.254.0.11', pki: '/p' });
  assert.match(conf, /^listen_tls = 1$/m);
  assert.match(conf, /^listen_tcp = 0$/m);
  assert.match(conf, /^listen_addr = "10\.254\.0\.11"$/m);
  assert.equal(hostsFile([{ name: 'h1', address: '10.254.0.11' }]), '127.0.0.1 localhost\n10.254.0.11 h1\n');
});

test("states are read from virsh's table", () => {
  const table = ' 1     web1      running\n -     db-1      shut off\n 12    x         paused\n';
  assert.deepEqual(
    [...parseList(table)],
    [
      ['web1', 'running'],
      ['db-1', 'shut off'],
      ['x', 'paused'],
    ],
  );
});

test('of the flows of a switch those that age are left out, not those that write such flows', () => {
  const learns =
    ' cookie=0x1, table=15, priority=100,rarp,reg1=0x1 actions=learn(table=21,hard_timeout=60,priority=10,load:0x1->reg2[])';
  const learned = ' cookie=0x2, table=21, hard_timeout=60, priority=10,reg1=0x1 actions=load:0x1->NXM_NX_REG2[]';
  const plain = ' cookie=0x0, table=0, priority=0 actions=drop';
  assert.equal(lastingFlows(['OFPST_FLOW reply:', learns, learned, plain, ''].join('\n')), `${learns}\n${plain}\n`);
});
