import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { IMAGE_ATTACKS } from '../attacks/all.ts';
import { labClient } from '../src/cloud/up.ts';
import { platformPolicy } from '../src/cloud/verify.ts';
import { type Lab, liveProtections, locateLab, type Protections, verify } from '../src/index.ts';
import { type ScratchCloud, scratchCloud } from './support/protected-cloud.ts';
import { assertLeavesNothing, discard } from './support/scratch-lab.ts';

/** The suite of Debian that has Suricata. */
const SUITE = process.env['HV_SURICATA'];

// An image of its own, of packages that have to be fetched: at night alone.
describe('attacks that gateways with Suricata know', {
  skip: SUITE === undefined && 'at night: HV_SURICATA names a suite that has it',
}, () => {
  let cloud: ScratchCloud;
  let lab: Lab;
  let protections: Protections;
  before(
    async () => {
      cloud = await scratchCloud('s');
      await cloud.up();
      lab = locateLab({ id: cloud.where.id });
      const policyOn = platformPolicy(lab, labClient(lab), { ...cloud.options, signatures: SUITE! });
      protections = { ...(await liveProtections(lab)), policyOn };
    },
    { timeout: 900_000 },
  );
  after(() => discard(cloud.where));

  for (const { id, title } of IMAGE_ATTACKS) {
    test(`${id} succeeds without protection and is found with it: ${title}`, async () => {
      const [row] = await verify({ lab, protections, only: [id] });
      const { off, on } = row!;
      assert.deepEqual([off.outcome, on?.outcome], ['succeeded', 'stopped'], `${off.evidence}; ${on?.evidence}`);
    });

    test(`${id} is not run where gateways have no Suricata, and does not count`, async () => {
      const policyOn = platformPolicy(lab, labClient(lab), cloud.options);
      const [row] = await verify({ lab, protections: { ...protections, policyOn }, only: [id] });
      assert.deepEqual([row?.off.outcome, row?.on, row?.pass], ['not-run', null, null]);
    });
  }

  test('down leaves nothing behind', () => assertLeavesNothing(cloud.where));
});
