import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OvsSwitch, openSwitch } from '@hypervigil/ovs';
import { type DummyOvs, startDummyOvs } from '@hypervigil/ovs/testing';
import { createZoneWatch } from '../src/limits/zones.ts';

const network = (num: number, maxConnections: number | null = null) => ({ num, id: '', vlan: null, maxConnections });

let ovs: DummyOvs;
let sw: OvsSwitch;
before(async () => {
  ovs = await startDummyOvs();
  sw = await openSwitch({ ovsdbSocket: ovs.ovsdbSocket, runDir: ovs.runDir, bridge: 'br0' });
  await sw.ensureBridge({ datapathType: 'dummy' });
});
after(async () => {
  await sw?.close();
  await ovs?.stop();
});

test('a real switch is told the parts of its table, also when it started anew or somebody changed them', async () => {
  const { conntrack } = sw;
  await ovs.appctl.run('dpctl/ct-set-maxconns', '3000');
  let here = [network(1), network(2, 900)];
  const watch = createZoneWatch({ conntrack: () => conntrack, networks: () => here, onChange: () => undefined });
  const limits = async () => new Map((await conntrack.zoneLimits()).map(({ zone, limit }) => [zone, limit]));
  const shared = new Map([
    [1, 1050],
    [2, 900],
  ]);
  await watch.look();
  assert.deepEqual(await limits(), shared);

  await conntrack.setZoneLimits(new Map([[1, 5]]));
  await conntrack.clearZoneLimits([2]);
  await watch.look();
  assert.deepEqual(await limits(), shared);

  await ovs.restartSwitch();
  await ovs.appctl.run('dpctl/ct-set-maxconns', '3000');
  assert.deepEqual(await limits(), new Map());
  await watch.look();
  assert.deepEqual(await limits(), shared);

  here = [network(2)];
  await watch.look();
  assert.deepEqual(await limits(), new Map([[2, 1500]]));
});
