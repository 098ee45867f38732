import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import path from 'node:path';
import { after, beforeEach, suite, test } from 'node:test';
import fc from 'fast-check';
import { decodeFrames, encodeFrame } from '../src/flows/segment.ts';
import { type Batch, openSpool } from '../src/flows/spool.ts';
import { flowRecord } from '../src/testing/flow-record.ts';

const none: ReadonlySet<string> = new Set();
const batch = (name: string, records = 3): Batch => ({
  batch: name,
  records: Array.from({ length: records }, (_, n) => flowRecord(`${name}-${n}`)),
  names: [],
  lost: 0,
});
const names = (batches: readonly Batch[]): string[] => batches.map((one) => one.batch);

suite('the spool', () => {
  let dir: string;
  const made: string[] = [];
  beforeEach(async () => {
    dir = await mkdtemp('/tmp/hv-spool-');
    made.push(dir);
  });
  after(() => Promise.all(made.map((one) => rm(one, { recursive: true, force: true }))));
  const open = (limitBytes = 1 << 20, segmentBytes = 2_000) => openSpool({ directory: dir, limitBytes, segmentBytes });

  test('gives back the oldest first, until they are acknowledged', async () => {
    const spool = await open();
    for (const name of ['a', 'b', 'c']) await spool.append(batch(name));
    assert.deepEqual(names(await spool.oldest(2, none)), ['a', 'b']);
    assert.deepEqual(await spool.oldest(1, new Set(['a'])), [batch('b')]);
    await spool.forget('a');
    assert.deepEqual(names(await spool.oldest(9, none)), ['b', 'c']);
    for (const name of ['b', 'c', 'never-there']) await spool.forget(name);
    assert.deepEqual([spool.batches, spool.bytes, await readdir(dir)], [0, 0, []]);
    await spool.close();
  });

  test('what was appended is there after the process ended without a word', async () => {
    const before = await open();
    for (const name of ['a', 'b', 'c', 'd']) await before.append(batch(name));
    await before.forget('b');
    const after = await open();
    const found = names(await after.oldest(9, none));
    for (const name of ['a', 'c', 'd']) assert(found.includes(name));
    await after.append(batch('e'));
    assert.equal(names(await after.oldest(9, none)).at(-1), 'e');
    await Promise.all([before.close(), after.close()]);
  });

  test('a batch cut short by a crash is left out, and what is appended later is kept', async () => {
    const before = await open(1 << 20, 1 << 20);
    await before.append(batch('whole'));
    await before.append(batch('cut'));
    await before.close();
    const [file = ''] = await readdir(dir);
    const { length } = await readFile(path.join(dir, file));
    await truncate(path.join(dir, file), length - 5);
    const spool = await open();
    await spool.append(batch('later'));
    assert.deepEqual(names(await spool.oldest(9, none)), ['whole', 'later']);
    await spool.close();
  });

  test('beyond its limit the oldest go, and are counted', async () => {
    const spool = await open(10_000);
    for (let n = 0; n < 40; n++) await spool.append(batch(`b${n}`));
    assert(spool.bytes <= 10_000);
    const left = await spool.oldest(99, none);
    assert.equal(spool.takeDropped(), (40 - left.length) * 3);
    assert.equal(spool.takeDropped(), 0);
    assert.equal(left.at(-1)?.batch, 'b39');
    await spool.close();
  });

  test('whatever bytes a segment holds, reading it ends without a throw', () => {
    const runs = Number(process.env['HV_FUZZ'] ?? 20_000);
    const good = Buffer.concat([encodeFrame(Buffer.from('one')), encodeFrame(Buffer.from('two'))]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(good.length), (noise, at) => {
        const bodies = [...decodeFrames(Buffer.concat([good.subarray(0, at), noise]))].map(({ body }) => String(body));
        if (at >= 11) assert.equal(bodies[0], 'one');
      }),
      { numRuns: runs },
    );
  });

  test('damage hides nothing that came before it', async () => {
    const before = await open(1 << 20, 1 << 20);
    await before.append(batch('a'));
    await before.close();
    const [file = ''] = await readdir(dir);
    await appendFile(path.join(dir, file), Buffer.alloc(100, 0xff));
    const spool = await open();
    assert.deepEqual(names(await spool.oldest(9, none)), ['a']);
    await spool.close();
  });
});
