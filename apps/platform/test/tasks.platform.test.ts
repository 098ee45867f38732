import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { observedVm, query, until } from '../src/testing/index.ts';
import { claimed, inventory, twoHosts } from './two-hosts.ts';

describe('tasks of engines', () => {
  const { cloud, connect, vm, host } = twoHosts('tasks');

  it('runs a task once, records how it ended, and refuses what the state does not allow', async () => {
    const engine = await connect(cloud.h1, { obedient: true });
    engine.send(inventory({ ...claimed(10, 'acme'), state: 'shutoff' }, claimed(11, 'acme')));
    await until('it', () => vm(11));
    const params = { id: observedVm(10).id };
    await assert.rejects(cloud.person.client.stopVm({ params }), { status: 409 });
    const task = await cloud.person.client.startVm({ params });
    const sent = await engine.expect('task');
    assert.deepEqual([sent.id, sent.kind, sent.vmId], [task.id, 'vm.start', params.id]);
    await assert.rejects(
      cloud.person.client.startVm({ params }),
      (e: { body: { code: string } }) => e.body.code === 'vm-busy',
    );
    engine.send({ type: 'task', id: task.id, state: 'done', progress: 1, error: null });
    const ended = await until('done', async () => {
      const now = await cloud.person.client.getTask({ params: { id: task.id } });
      return now.state === 'done' ? now : null;
    });
    assert.ok(ended.startedAt !== null && ended.endedAt !== null);
    engine.send({ type: 'task', id: task.id, state: 'failed', progress: null, error: { code: 'x', message: 'late' } });
    const sync = await cloud.person.client.syncHost({ params: { id: cloud.h1.hostId } });
    await until('the sync', () => engine.received.some((m) => m.type === 'task' && m.id === sync.id));
    assert.equal((await cloud.person.client.getTask({ params: { id: task.id } })).state, 'done');
    engine.close();
    await until('offline', async () => (await host(cloud.h1.hostId)).state === 'offline');
    await assert.rejects(cloud.person.client.stopVm({ params: { id: observedVm(11).id } }), { status: 503 });
  });

  it('sends a migration to the source only when the target enforces the newest intent', async () => {
    const source = await connect(cloud.h1, { obedient: true });
    source.send(inventory(claimed(12, 'acme')));
    await until('it', () => vm(12));
    const target = await connect(cloud.h2);
    const params = { id: observedVm(12).id };
    await assert.rejects(cloud.person.client.migrateVm({ params, body: { toHostId: cloud.h1.hostId } }), {
      status: 400,
    });
    await cloud.person.client.migrateVm({ params, body: { toHostId: cloud.h2.hostId } });
    // The target has been sent an intent and says nothing of it: a later task of the source overtakes the migration.
    const sync = await cloud.person.client.syncHost({ params: { id: cloud.h1.hostId } });
    await until('the sync', () => source.received.some((m) => m.type === 'task' && m.id === sync.id));
    assert.ok(!source.received.some((m) => m.type === 'task' && m.kind === 'vm.migrate'));
    await until('the target has an intent', () => target.intent());
    const { intentRevision } = await host(cloud.h2.hostId);
    await until('the target has it', () => target.intent()?.revision === intentRevision);
    target.send({ type: 'applied', revision: intentRevision, policyRevision: 0, error: null, flows: 1, tookMs: 1 });
    const sent = await until('the migration', () =>
      source.received.find((m) => m.type === 'task' && m.kind === 'vm.migrate'),
    );
    assert.deepEqual(sent.type === 'task' && sent.params, {
      toHostId: cloud.h2.hostId,
      toHostName: 'h2',
      uri: 'qemu+tls://h2/system',
    });
    for (const engine of [source, target]) engine.close();
  });

  it('gives up a task that nobody takes or speaks of any more, and says why', async () => {
    const source = await connect(cloud.h1, { obedient: true });
    source.send(inventory(claimed(13, 'acme'), claimed(14, 'acme')));
    await until('it', () => vm(14));
    // What a target that comes before that is told is what it had, and it is ready at once.
    const { id } = observedVm(14).vnics[0]!;
    await until('hosts are told of it', () => JSON.stringify(source.intent()).includes(id));
    const target = await connect(cloud.h2);
    await until('an intent', () => target.intent());
    const waiting = await cloud.person.client.migrateVm({
      params: { id: observedVm(13).id },
      body: { toHostId: cloud.h2.hostId },
    });
    const running = await cloud.person.client.stopVm({ params: { id: observedVm(14).id } });
    await until('it was sent', () => source.received.some((m) => m.type === 'task' && m.id === running.id));
    await query(
      cloud.databaseUrl,
      `update tasks set lease_until = now() - interval '1 second' where state in ('queued', 'running')`,
    );
    const codeOf = async (id: string) => (await cloud.person.client.getTask({ params: { id } })).error?.code;
    await until('the migration failed', async () => (await codeOf(waiting.id)) === 'target-not-ready');
    await until('the other failed', async () => (await codeOf(running.id)) === 'lease-expired');
    for (const engine of [source, target]) engine.close();
  });

  it('sends a task again to an engine whose channel broke, and only to the process that had it', async () => {
    const first = await connect(cloud.h1, { obedient: true, processId: 'one' });
    first.send(inventory(claimed(15, 'acme'), claimed(16, 'acme')));
    await until('it', () => vm(16));
    const lostOnTheWay = await cloud.person.client.rebootVm({ params: { id: observedVm(15).id } });
    const sent = await first.expect('task');
    first.socket.terminate();
    const back = await connect(cloud.h1, { obedient: true, processId: 'one' });
    assert.deepEqual(await back.expect('task'), sent, 'the same task, so that the engine can tell');
    back.send({ type: 'task', id: lostOnTheWay.id, state: 'done', progress: 1, error: null });
    const taskOf = (id: string) => cloud.person.client.getTask({ params: { id } });
    await until('done', async () => (await taskOf(lostOnTheWay.id)).state === 'done');

    const forgotten = await cloud.person.client.rebootVm({ params: { id: observedVm(16).id } });
    await until('it was sent', () => back.received.some((m) => m.type === 'task' && m.id === forgotten.id));
    back.send({ type: 'task', id: forgotten.id, state: 'running', progress: null, error: null });
    back.socket.terminate();
    const restarted = await connect(cloud.h1, { obedient: true, processId: 'two' });
    const ended = await until('given up', async () => {
      const task = await taskOf(forgotten.id);
      return task.state === 'failed' ? task : null;
    });
    assert.equal(ended.error?.code, 'engine-restarted');
    const sync = await cloud.person.client.syncHost({ params: { id: cloud.h1.hostId } });
    await until('the sync', () => restarted.received.some((m) => m.type === 'task' && m.id === sync.id));
    assert.ok(!restarted.received.some((m) => m.type === 'task' && m.id === forgotten.id), 'nothing is done twice');
    restarted.send({ type: 'task', id: sync.id, state: 'done', progress: 1, error: null });
    restarted.close();
  });
});
