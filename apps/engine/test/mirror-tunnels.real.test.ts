import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, suite, test } from 'node:test';
import { TUNNEL_PROTOCOLS } from '@hypervigil/model';
import { tunnelArguments } from '../src/mirrors/devices.ts';

const NAMESPACE = `hvtunnel${process.pid}`;

suite('tunnels of mirrors', () => {
  const ip = (...args: string[]) => spawnSync('ip', args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  before(() => assert.equal(ip('netns', 'add', NAMESPACE).status, 0));
  after(() => ip('netns', 'delete', NAMESPACE));

  for (const protocol of TUNNEL_PROTOCOLS)
    for (const collector of ['192.0.2.9', '2001:db8::9'])
      test(`ip makes ${protocol} to ${collector}, where the kernel has it`, () => {
        const kind = tunnelArguments({ kind: 'tunnel', protocol, collector, key: 7 });
        const { status, stderr } = ip('-n', NAMESPACE, 'link', 'add', 'name', 'copies', 'type', ...kind);
        // Of what is wrong with its arguments ip complains before it asks the kernel.
        if (status !== 0)
          assert.match(stderr, /^(RTNETLINK answers: Operation not supported|Error: Unknown device type\.)$/m);
        ip('-n', NAMESPACE, 'link', 'delete', 'copies');
      });

  test('this kernel has VXLAN', () => {
    const kind = tunnelArguments({ kind: 'tunnel', protocol: 'vxlan', collector: '192.0.2.9', key: 7 });
    assert.equal(ip('-n', NAMESPACE, 'link', 'add', 'name', 'copies', 'type', ...kind).status, 0);
    const [link] = JSON.parse(ip('-n', NAMESPACE, '-j', '-d', 'link', 'show', 'copies').stdout) as [
      { linkinfo: { info_data: { id: number; remote: string; port: number } } },
    ];
    const { id, remote, port } = link.linkinfo.info_data;
    assert.deepEqual([id, remote, port], [7, '192.0.2.9', 4789]);
  });
});
