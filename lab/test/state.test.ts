import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { withLock } from '../src/lock.ts';
import { bootId, identify, isAlive } from '../src/process.ts';
import { newState, parseState, readState, recordCreated, updateState, writeState } from '../src/state.ts';

function scratch(t: { after: (f: () => void) => void }): string {
  const dir = mkdtempSync(join(tmpdir(), 'hv-state-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return dir;
}

test('a state is read back as it was written, and leaves no other file', (t) => {
  const dir = scratch(t);
  assert.equal(readState(dir), undefined);
  const state = newState('hv', 'u', 3, ['h1']);
  writeState(dir, state);
  assert.deepEqual(readState(dir), state);
  assert.deepEqual(readdirSync(dir), ['state.json']);
});

test('a state that this version cannot read is refused, not guessed', () => {
  for (const bad of ['', '{', 'null', '[]', '{"format":2}', '{"format":1}']) {
    assert.throws(() => parseState(bad), { code: 'LAB_STATE' }, bad);
  }
});

test('what is created is written down once', async (t) => {
  const dir = scratch(t);
  writeState(dir, newState('hv', 'u', 0, []));
  await recordCreated(dir, { kind: 'netns', name: 'hv-net' });
  await recordCreated(dir, { kind: 'netns', name: 'hv-net' });
  assert.deepEqual(readState(dir)?.created, [{ kind: 'netns', name: 'hv-net' }]);
});

test('changes at the same time are all kept', async (t) => {
  const dir = scratch(t);
  writeState(dir, newState('hv', 'u', 0, []));
  const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
  await Promise.all(names.map((name) => recordCreated(dir, { kind: 'link', name })));
  assert.deepEqual(new Set(readState(dir)?.created.map((c) => c.name)), new Set(names));
  assert.deepEqual(readdirSync(dir), ['state.json']);
});

test('a change without a lab says so', async (t) => {
  await assert.rejects(
    updateState(scratch(t), (s) => s),
    { code: 'LAB_NOT_UP' },
  );
});

test('a lock is held by one, given back after an error, and taken over from the dead', async (t) => {
  const lock = join(scratch(t), 'lock');
  let inside = 0;
  const work = () =>
    withLock(lock, 5_000, async () => {
      assert.equal(++inside, 1);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    });
  await Promise.all([work(), work(), work()]);
  await assert.rejects(
    withLock(lock, 5_000, () => {
      throw new Error('inside');
    }),
    /inside/,
  );
  assert.equal(existsSync(lock), false);
  const { pid } = spawnSync('true');
  const dead = JSON.stringify({ pid, startTicks: 1, bootId: bootId() });
  for (const file of [lock, `${lock}.${pid}.left`]) writeFileSync(file, dead);
  await work();
  assert.deepEqual(readdirSync(dirname(lock)), []);
});

test('a lock that a living process holds is not taken', async (t) => {
  const lock = join(scratch(t), 'lock');
  await withLock(lock, 1_000, async () => {
    await assert.rejects(
      withLock(lock, 50, () => {}),
      { code: 'LAB_BUSY' },
    );
  });
});

test('a process id that means another process by now is not alive', () => {
  const self = identify(process.pid)!;
  assert.equal(isAlive(self), true);
  assert.equal(isAlive({ ...self, startTicks: self.startTicks + 1 }), false);
  assert.equal(isAlive({ ...self, bootId: 'another boot' }), false);
});
