import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createVm, destroyVm, guestExec, guestOk, type Lab, labUp, migrateVm } from '../src/index.ts';
import { waitFor } from '../src/wait.ts';
import { discard, scratchLab } from './support/scratch-lab.ts';

const where = scratchLab('d');
let lab: Lab;

before(async () => {
  lab = await labUp(where);
});
after(() => discard(where));

test('a whole Debian boots, has its addresses and services, and moves with its disk', async () => {
  const place = { host: 'h1', name: 'full', tenant: 'acme', ipv4: '10.77.0.41/24', ipv6: 'fd77::41/64' };
  await createVm(lab, { ...place, guest: 'debian' });
  // Asked one by one: of several units `is-active` says yes as soon as one is.
  for (const unit of ['lab-network', 'ssh']) {
    const active = async () => (await guestExec(lab, 'full', ['systemctl', 'is-active', unit])).code === 0;
    await waitFor(`${unit} is active`, active, { timeoutMs: 180_000, everyMs: 500 });
  }
  const addresses = await guestOk(lab, 'full', ['ip', '-br', 'addr', 'show', 'dev', 'eth0']);
  assert.match(addresses, /10\.77\.0\.41\/24 fd77::41\/64/);
  await guestOk(lab, 'full', ['sh', '-c', 'echo kept >/root/note && sync']);
  await migrateVm(lab, 'full', 'h2');
  assert.equal(await guestOk(lab, 'full', ['cat', '/root/note']), 'kept\n');
  await destroyVm(lab, 'full');
});
