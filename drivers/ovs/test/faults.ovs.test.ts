import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FlowSpec, OvsError, openSwitch } from '../src/index.ts';
import { startDummyOvs } from '../src/testing/index.ts';

const flows = Array.from({ length: 20_000 }, (_, i): FlowSpec => {
  return { table: 1, priority: 1, cookie: 0n, match: `tcp,nw_src=10.1.${i >> 8}.${i & 255}`, actions: 'resubmit(,2)' };
});

test('a switch killed in the middle of a bundle has all of it or nothing, and gets it all in the end', async (t) => {
  const ovs = await startDummyOvs();
  t.after(ovs.stop);
  const sw = await openSwitch({ ovsdbSocket: ovs.ovsdbSocket, runDir: ovs.runDir, bridge: 'br0' });
  t.after(sw.close);
  await sw.ensureBridge({ datapathType: 'dummy' });
  for (let round = 0; round < 5; round++) {
    const applying = sw.flows.apply(round % 2 === 0 ? flows : flows.slice(1)).catch((error: unknown) => error);
    const restarted = ovs.restartSwitch();
    const outcome = await applying;
    if (outcome instanceof Error)
      assert.ok(outcome instanceof OvsError && ['closed', 'connect-failed'].includes(outcome.code), String(outcome));
    await restarted;
    await sw.flows.apply(flows);
    assert.equal((await sw.flows.tableStats())[0]?.flows, flows.length);
  }
});

test('a killed ovsdb-server is told, and what waits for it is rejected', async (t) => {
  const ovs = await startDummyOvs();
  t.after(ovs.stop);
  const sw = await openSwitch({ ovsdbSocket: ovs.ovsdbSocket, runDir: ovs.runDir, bridge: 'br0' });
  await sw.ensureBridge({ datapathType: 'dummy' });
  const waiting = assert.rejects(
    sw.ovsdb.transact('Open_vSwitch', [
      { op: 'wait', timeout: 60_000, table: 'Bridge', where: [], columns: ['name'], until: '==', rows: [] },
    ]),
    { code: 'closed' },
  );
  await ovs.stop();
  assert.equal((await sw.closed)?.code, 'closed');
  await waiting;
  await assert.rejects(sw.ensureBridge(), { code: 'closed' });
  await assert.rejects(sw.trace('in_port=1'), { code: 'connect-failed' });
  await sw.close();
});
