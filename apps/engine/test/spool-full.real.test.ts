import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { EngineMessage } from '@hypervigil/contract';
import { createFlowSender } from '../src/flows/sender.ts';
import { openSpool, type Spool } from '../src/flows/spool.ts';
import { flowRecord } from '../src/testing/flow-record.ts';
import { silentLog } from '../src/testing/silent-log.ts';

type Flows = Extract<EngineMessage, { type: 'flows' }>;

suite('a disk that is full', () => {
  let dir: string;
  let spool: Spool;
  before(async () => {
    dir = await mkdtemp('/tmp/hv-full-');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'hv-full', dir]);
    spool = await openSpool({ directory: dir, limitBytes: 1 << 30 });
  });
  after(async () => {
    await spool?.close();
    execFileSync('umount', [dir]);
    await rmdir(dir);
  });

  const filler = (): string => path.join(dir, 'filler');
  const fill = () => writeFile(filler(), Buffer.alloc(200_000)).catch(() => undefined);

  test('gives up the oldest for the newest, counts what is lost, says when it can keep nothing, and goes on with room', async () => {
    let up = false;
    const sent: Flows[] = [];
    const send = (message: EngineMessage): boolean => {
      if (up && message.type === 'flows') sent.push(message);
      return up;
    };
    const sender = createFlowSender({ spool, send, log: silentLog });
    const flush = (name: string) =>
      sender.flush({ records: Array.from({ length: 100 }, (_, n) => flowRecord(`${name}${n}`)), names: [] }, 0);
    await flush('a');
    await fill();
    for (const name of ['b', 'c', 'd']) await flush(name);
    assert.equal(sender.failing(), undefined);
    assert.equal(sender.lost(), 300);
    const [kept] = await spool.oldest(9, new Set());
    assert.equal(kept?.records[0]?.key, flowRecord('d0').key);

    await spool.forget(kept.batch);
    await fill();
    await flush('e');
    assert(sender.failing() !== undefined);
    assert.equal(sender.lost(), 400);

    await rm(filler());
    await flush('f');
    assert.equal(sender.failing(), undefined);
    up = true;
    await sender.restart();
    for (const message of sent) await sender.acknowledged(message.batch);
    assert.equal(spool.batches, 0);
    assert.deepEqual(
      sent.map((message) => [message.lost, message.records.length]),
      [[200, 100]],
    );
  });
});
