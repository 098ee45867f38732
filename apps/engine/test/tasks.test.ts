import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { EngineMessage, PlatformMessage } from '@hypervigil/contract';
import { createTasks } from '../src/tasks/tasks.ts';
import { silentLog } from '../src/testing/silent-log.ts';
import { until } from '../src/testing/until.ts';

type Order = Extract<PlatformMessage, { type: 'task' }>;
type Report = Extract<EngineMessage, { type: 'task' }>;
const order = (n: number, more: Partial<Order> = {}): Order => ({
  type: 'task',
  id: `00000000-0000-4000-8000-0000000000${String(n).padStart(2, '0')}`,
  kind: 'host.sync',
  vmId: null,
  params: {},
  leaseSeconds: 60,
  ...more,
});

function bench(run: (order: Order, lease: AbortSignal) => Promise<void>) {
  const reports: Report[] = [];
  const link = { up: true };
  const send = (report: Report): boolean => {
    if (link.up) reports.push(report);
    return link.up;
  };
  return { tasks: createTasks({ run, send, log: silentLog }), reports, link };
}
const states = (reports: readonly Report[]): string[] => reports.map(({ state }) => state);

suite('tasks', () => {
  test('run once, however often they are sent, and their outcome is told again', async () => {
    let runs = 0;
    const { tasks, reports } = bench(async () => {
      runs++;
    });
    tasks.accept(order(1));
    tasks.accept(order(1));
    await until(() => reports.at(-1)?.state === 'done');
    tasks.accept(order(1));
    assert.equal(runs, 1);
    assert.deepEqual(states(reports), ['running', 'running', 'done', 'done']);
  });

  test('a failure has a code and says why', async () => {
    const { tasks, reports } = bench(async () => {
      throw Object.assign(new Error('no', { cause: new Error('because') }), { code: 'no-domain' });
    });
    tasks.accept(order(1));
    await until(() => reports.length === 2);
    assert.deepEqual(reports[1]?.error, { code: 'no-domain', message: 'no: because' });
  });

  test('an outcome that could not be told is told in the next session', async () => {
    const { tasks, reports, link } = bench(async () => {
      link.up = false;
    });
    tasks.accept(order(1));
    await until(() => !link.up);
    await new Promise(setImmediate);
    link.up = true;
    tasks.resume();
    assert.deepEqual(states(reports), ['running', 'done']);
    tasks.resume();
    assert.equal(reports.length, 2);
  });

  test('the lease ends the work', async () => {
    const { tasks, reports } = bench(
      (_, lease) => new Promise((_resolve, reject) => lease.addEventListener('abort', () => reject(lease.reason))),
    );
    tasks.accept(order(1, { leaseSeconds: 1 }));
    await until(() => reports.at(-1)?.state === 'failed');
  });

  test('a host does not take on more than it can', () => {
    const { tasks, reports } = bench(() => new Promise(() => {}));
    for (let n = 0; n < 40; n++) tasks.accept(order(n));
    assert.equal(reports.filter(({ error }) => error?.code === 'busy').length, 8);
  });
});
