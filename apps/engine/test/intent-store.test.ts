import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { HostIntent } from '@hypervigil/model';
import { EMPTY_INTENT } from '../src/enforcement/owner.ts';
import { EngineError } from '../src/errors.ts';
import { createIntentSaver } from '../src/intent/saver.ts';
import { createIntentStore } from '../src/intent/store.ts';

const intentOf = (revision: number): HostIntent => ({ ...EMPTY_INTENT, revision });

suite('the stored intent', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp('/tmp/hv-intent-');
  });
  after(() => rm(dir, { recursive: true }));

  test('none, then the last one, readable by root only', async () => {
    const store = createIntentStore(path.join(dir, 'new'));
    assert.equal(await store.load(), undefined);
    await store.save(intentOf(1));
    await store.save(intentOf(2));
    assert.deepEqual(await store.load(), intentOf(2));
    assert.equal((await stat(path.join(dir, 'new', 'intent'))).mode & 0o777, 0o600);
  });

  test('a damaged one is refused, wherever the damage is', async () => {
    const store = createIntentStore(dir);
    await store.save(intentOf(7));
    const file = path.join(dir, 'intent');
    const whole = await readFile(file);
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1;
      await writeFile(file, damaged);
      await assert.rejects(
        store.load(),
        (error: unknown) => error instanceof EngineError && error.code === 'bad-intent',
      );
    }
    await writeFile(file, whole.subarray(0, 80));
    await assert.rejects(store.load(), { code: 'bad-intent' });
  });

  test('what arrives while one is written is covered by one write of the newest', async () => {
    const written: number[] = [];
    const first = Promise.withResolvers<void>();
    const saver = createIntentSaver({
      async save({ revision }) {
        written.push(revision);
        if (revision === 1) await first.promise;
      },
    });
    const saves = [1].map((n) => saver.save(intentOf(n)));
    await Promise.resolve();
    saves.push(...[2, 3, 4].map((n) => saver.save(intentOf(n))));
    first.resolve();
    await Promise.all(saves);
    assert.deepEqual(written, [1, 4]);
  });
});
