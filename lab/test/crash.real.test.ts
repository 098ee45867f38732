import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { guestExec, labDown, labStatus, labUp, locateLab } from '../src/index.ts';
import { runOk } from '../src/run.ts';
import { assertLeavesNothing, discard, killedUp, scratchLab } from './support/scratch-lab.ts';
import { smallCloud } from './support/small-cloud.ts';

const where = scratchLab('k');
after(() => discard(where));

const MOMENTS = [/start networks/, /done networks/, /start host h2/, /done host h1/, /start vm left/];

for (const moment of MOMENTS) {
  test(`killed at "${moment.source}", everything is removed`, async () => {
    assert.equal(await killedUp(where, moment), true);
    await assertLeavesNothing(where);
  });
}

test('killed while hosts start, the next up finishes the work', async () => {
  assert.equal(await killedUp(where, /start host h1/), true);
  const lab = await labUp({ ...where, vms: smallCloud() });
  assert.equal((await labStatus(where)).up, true);
  assert.equal((await guestExec(lab, 'left', ['hostname'])).stdout, 'left\n');
  await assertLeavesNothing(where);
});

test("an interface that is not the lab's is left alone", async () => {
  const { managementLink } = locateLab(where).names;
  await runOk(['ip', 'link', 'add', managementLink, 'type', 'veth', 'peer', 'name', `${where.id}peer`]);
  try {
    await assert.rejects(labUp(where), { code: 'LAB_FOREIGN' });
    await labDown(where);
    await runOk(['ip', 'link', 'show', managementLink]);
  } finally {
    await runOk(['ip', 'link', 'del', managementLink]);
  }
});
