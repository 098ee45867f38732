import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ATTACKS } from '../attacks/all.ts';
import { demoCloud, type Lab, labUp, liveProtections, verify } from '../src/index.ts';
import { assertLeavesNothing, discard, scratchLab } from './support/scratch-lab.ts';

const where = scratchLab('a');
let lab: Lab;

before(async () => {
  lab = await labUp({ ...where, vms: demoCloud() });
});
after(() => discard(where));

// A protection is proven only by an attack that works without it.
for (const { id } of ATTACKS) {
  test(`without protection ${id} succeeds`, async () => {
    const [row] = await verify({ lab, protections: await liveProtections(lab), only: [id] });
    assert.equal(row?.off.outcome, 'succeeded', row?.off.evidence ?? 'no row');
  });
}

test('down leaves nothing behind', () => assertLeavesNothing(where));
