import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ATTACKS } from '../attacks/all.ts';
import { labClient } from '../src/cloud/up.ts';
import { platformPolicy } from '../src/cloud/verify.ts';
import { type Lab, liveProtections, locateLab, type Protections, verify } from '../src/index.ts';
import { type ScratchCloud, scratchCloud } from './support/protected-cloud.ts';
import { assertLeavesNothing, discard } from './support/scratch-lab.ts';

let cloud: ScratchCloud;
let lab: Lab;
let protections: Protections;

before(async () => {
  cloud = await scratchCloud('a');
  await cloud.up();
  lab = locateLab({ id: cloud.where.id });
  const policyOn = platformPolicy(lab, labClient(lab), cloud.options);
  protections = { ...(await liveProtections(lab)), policyOn };
});
after(() => discard(cloud.where));

for (const { id, title } of ATTACKS)
  test(`${id} succeeds without protection and is stopped with it: ${title}`, async () => {
    const [row] = await verify({ lab, protections, only: [id] });
    const { off, on } = row!;
    assert.deepEqual([off.outcome, on?.outcome], ['succeeded', 'stopped'], `${off.evidence}; ${on?.evidence}`);
  });

test('down leaves nothing behind', () => assertLeavesNothing(cloud.where));
