import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WriteStream } from 'node:tty';
import { en } from '../src/cloud/messages/en.ts';
import { zh } from '../src/cloud/messages/zh.ts';
import { createProgress } from '../src/cloud/progress.ts';

function output(isTTY: boolean): { stream: WriteStream; text: () => string } {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 } as unknown as WriteStream;
  return { stream, text: () => written.splice(0).join('') };
}

test('away from a terminal each step is one plain line with its time', () => {
  const { stream, text } = output(false);
  const { onStep, close } = createProgress(false, en, stream);
  onStep({ name: 'host h1', state: 'start', elapsedMs: 0 });
  onStep({ name: 'host h1', state: 'done', elapsedMs: 1234 });
  onStep({ name: 'platform', state: 'fail', elapsedMs: 50 });
  close();
  assert.equal(text(), '✓ Host h1 (1.2 s)\n✗ Platform (0.1 s)\n');
});

test('on a terminal running steps are drawn in place and taken away at the end', () => {
  const { stream, text } = output(true);
  const { onStep, close } = createProgress(false, zh, stream);
  onStep({ name: 'vm web1', state: 'start', elapsedMs: 0 });
  assert.match(text(), /… 虚拟机 web1/);
  onStep({ name: 'vm web1', state: 'done', elapsedMs: 2000 });
  assert.match(text(), /✓ 虚拟机 web1 \(2\.0 s\)\n$/);
  close();
});
