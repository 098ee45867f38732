import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Attack } from '../../src/attack.ts';
import { labClient } from '../../src/cloud/up.ts';
import { platformPolicy } from '../../src/cloud/verify.ts';
import { type Lab, liveProtections, locateLab, type Protections, verify } from '../../src/index.ts';
import { type ScratchCloud, scratchCloud } from './protected-cloud.ts';
import { assertLeavesNothing, discard } from './scratch-lab.ts';

/** Declares a test for each of these attacks, in a cloud of the test file's own, and one that the cloud leaves nothing behind. */
export function proveAttacks(attacks: readonly Attack[], letter: string): void {
  let cloud: ScratchCloud;
  let lab: Lab;
  let protections: Protections;

  before(async () => {
    cloud = await scratchCloud(letter);
    await cloud.up();
    lab = locateLab({ id: cloud.where.id });
    const policyOn = platformPolicy(lab, labClient(lab), cloud.options);
    protections = { ...(await liveProtections(lab)), policyOn };
  });
  after(() => discard(cloud.where));

  for (const { id, title } of attacks)
    test(`${id} succeeds without protection and is stopped with it: ${title}`, async () => {
      const [row] = await verify({ lab, protections, only: [id] });
      const { off, on } = row!;
      assert.deepEqual([off.outcome, on?.outcome], ['succeeded', 'stopped'], `${off.evidence}; ${on?.evidence}`);
    });

  test('down leaves nothing behind', () => assertLeavesNothing(cloud.where));
}
