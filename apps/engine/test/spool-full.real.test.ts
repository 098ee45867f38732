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

  test('loses and counts what it cannot keep, says so, and goes on when there is room again', async () => {
    let up = false;
    const sent: Flows[] = [];
    const send = (message: EngineMessage): boolean => {
      if (up && message.type === 'flows') sent.push(message);
      return up;
    };
    const sender = createFlowSender({ spool, send, log: silentLog });
    const records = Array.from({ length: 100 }, (_, n) => flowRecord(`r${n}`));
    const filler = path.join(dir, 'filler');
    await sender.flush(records, 0);
    await writeFile(filler, Buffer.alloc(100_000)).catch(() => undefined);
    for (let n = 0; n < 5; n++) await sender.flush(records, 0);
    assert(sender.failing() !== undefined);
    const lost = sender.lost();
    assert(lost >= 100 && lost % 100 === 0);

    await rm(filler);
    await sender.flush(records, 0);
    assert.equal(sender.failing(), undefined);
    up = true;
    await sender.restart();
    for (const message of sent) await sender.acknowledged(message.batch);
    assert.equal(spool.batches, 0);
    assert.equal(
      total(sent, (message) => message.lost),
      lost,
    );
    assert.equal(
      total(sent, (message) => message.records.length),
      700 - lost,
    );
  });
});

function total(sent: readonly Flows[], of: (message: Flows) => number): number {
  return sent.reduce((sum, message) => sum + of(message), 0);
}
