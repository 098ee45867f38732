import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connectLibvirt, isLibvirtError } from '@hypervigil/libvirt';
import { createVm, destroyVm, guestExec, guestOk, hostPaths, type Lab, labUp, migrateVm } from '../src/index.ts';
import { waitFor } from '../src/wait.ts';
import { discard, scratchLab } from './support/scratch-lab.ts';

const where = scratchLab('d');
let lab: Lab;

before(async () => {
  lab = await labUp(where);
});
after(() => discard(where));

test('a whole Debian boots, has its addresses and services, answers through its agent, and moves with its disk', async () => {
  const place = { host: 'h1', name: 'full', tenant: 'acme', ipv4: '10.77.0.41/24', ipv6: 'fd77::41/64' };
  await createVm(lab, { ...place, guest: 'debian' });
  // Asked one by one: of several units `is-active` says yes as soon as one is.
  for (const unit of ['lab-network', 'ssh']) {
    const active = async () => (await guestExec(lab, 'full', ['systemctl', 'is-active', unit])).code === 0;
    await waitFor(`${unit} is active`, active, { timeoutMs: 180_000, everyMs: 500 });
  }
  const addresses = await guestOk(lab, 'full', ['ip', '-br', 'addr', 'show', 'dev', 'eth0']);
  assert.match(addresses, /10\.77\.0\.41\/24 fd77::41\/64/);
  await agentAnswers('h1');
  await guestOk(lab, 'full', ['sh', '-c', 'echo kept >/root/note && sync']);
  await migrateVm(lab, 'full', 'h2');
  assert.equal(await guestOk(lab, 'full', ['cat', '/root/note']), 'kept\n');
  await destroyVm(lab, 'full');
});

/** QEMU's agent, through the product's driver: what it says, and what is said where none answers. */
async function agentAnswers(host: string): Promise<void> {
  const libvirt = await connectLibvirt(`qemu+unix:///system?socket=${hostPaths(lab, host).libvirtSocket}`);
  try {
    const vm = await libvirt.domainByName('full');
    const ask = async (execute: string): Promise<unknown> =>
      JSON.parse(await libvirt.agentCommand(vm, JSON.stringify({ execute }), 30)).return;
    const pings = () =>
      ask('guest-ping').then(
        () => true,
        (error) => {
          if (isLibvirtError(error, 'agent-unresponsive')) return false;
          throw error;
        },
      );
    await waitFor('the agent answers', pings, { timeoutMs: 120_000, everyMs: 500 });
    const { supported_commands: commands } = (await ask('guest-info')) as { supported_commands: { name: string }[] };
    assert.ok(commands.some(({ name }) => name === 'guest-get-osinfo'));
    assert.equal((await libvirt.guestInfo(vm))['os.id'], 'debian');
    assert.equal(await libvirt.guestHostname(vm), 'full');
    await assert.rejects(ask('guest-no-such-command'), { name: 'LibvirtError', message: /not been found/ });
    await guestOk(lab, 'full', ['systemctl', 'stop', 'qemu-guest-agent']);
    await assert.rejects(ask('guest-ping'), { code: 'agent-unresponsive', message: /agent is not/ });
  } finally {
    await libvirt.close();
  }
}
