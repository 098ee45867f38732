import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { HostIntent } from '@hypervigil/model';
import { canonicalIntent } from '@hypervigil/policy';
import { EMPTY_INTENT } from '../src/enforcement/owner.ts';
import { EngineError } from '../src/errors.ts';
import { createIntentSaver } from '../src/intent/saver.ts';
import { createIntentStore } from '../src/intent/store.ts';
import { largeHost } from '../src/testing/large-host.ts';
import { GREEN_TO_BLUE } from '../src/testing/small-cloud.ts';

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
    assert.deepEqual(await store.load(), { intent: intentOf(2), torn: false });
    assert.equal((await stat(path.join(dir, 'new', 'intent'))).mode & 0o777, 0o600);
  });

  test('whatever changes, what is read is what was saved; the file does not grow for ever', async () => {
    const states = path.join(dir, 'changes');
    let store = createIntentStore(states);
    const { vnics } = largeHost(20).intent;
    let largest = 0;
    for (let revision = 1; revision <= 300; revision++) {
      // Restarts, a platform that begins again, and documents that share nothing with the one before.
      if (revision % 97 === 0) store = createIntentStore(states);
      const intent = canonicalIntent({
        ...intentOf(revision % 50),
        vnics: vnics.filter(({ num }) => (num * revision) % 7 < 4),
        sets: [
          {
            num: 1,
            tenant: null,
            members: vnics.slice(revision % 20).map(({ ipv4 }) => ({ network: 1, cidr: ipv4[0]! })),
          },
        ],
        rules: revision % 3 === 0 ? [GREEN_TO_BLUE] : [],
      });
      await store.save(revision % 5 === 0 ? structuredClone(intent) : intent);
      assert.deepEqual(await createIntentStore(states).load(), { intent, torn: false });
      largest = Math.max(largest, (await stat(path.join(states, 'intent'))).size);
    }
    assert.ok(largest < 200_000, `${largest} bytes`);
  });

  test('cut anywhere: the last intent that is there as a whole, and a word about it', async () => {
    const file = path.join(dir, 'intent');
    const store = createIntentStore(dir);
    const ends: number[] = [];
    for (const revision of [1, 2, 3]) {
      await store.save(intentOf(revision));
      ends.push((await stat(file)).size);
    }
    const whole = await readFile(file);
    for (let length = 0; length <= whole.length; length++) {
      await writeFile(file, whole.subarray(0, length));
      const held = ends.filter((end) => end <= length).length;
      if (held === 0) await assert.rejects(store.load(), { code: 'bad-intent' });
      else assert.deepEqual(await store.load(), { intent: intentOf(held), torn: !ends.includes(length) });
    }
  });

  test('what a change was cut from is whole again with the next save', async () => {
    const store = createIntentStore(dir);
    await store.save(intentOf(1));
    await store.save(intentOf(2));
    await appendFile(path.join(dir, 'intent'), 'half a rec');
    await store.save(intentOf(3));
    assert.deepEqual(await store.load(), { intent: intentOf(3), torn: false });
    await rm(path.join(dir, 'intent'));
    await store.save(intentOf(4));
    assert.deepEqual(await store.load(), { intent: intentOf(4), torn: false });
  });

  test('a damaged one is refused, wherever the damage is', async () => {
    const store = createIntentStore(dir);
    for (const revision of [7, 8, 9]) await store.save(intentOf(revision));
    const file = path.join(dir, 'intent');
    const whole = await readFile(file);
    for (let at = 0; at < whole.length - 1; at += 3) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1;
      await writeFile(file, damaged);
      await assert.rejects(
        store.load(),
        (error: unknown) => error instanceof EngineError && error.code === 'bad-intent',
      );
    }
    const [first, second, third] = whole.toString().split('\n');
    await writeFile(file, `${first}\n${third}\n`);
    await assert.rejects(store.load(), { code: 'bad-intent' });
    await writeFile(file, `${second}\n${third}\n`);
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
