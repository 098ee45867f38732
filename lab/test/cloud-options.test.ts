import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../src/cloud/messages/en.ts';
import { cloudMessages } from '../src/cloud/messages/index.ts';
import { zh } from '../src/cloud/messages/zh.ts';
import { readOptions, UsageError } from '../src/cloud/options.ts';

test('hv up makes a lab, unless it is told to connect or to be a platform alone', () => {
  assert.equal(readOptions([]).mode, 'lab');
  assert.deepEqual({ ...readOptions(['--connect', 'qemu:///system']), id: 'hv' }.uri, 'qemu:///system');
  assert.equal(readOptions(['--platform', '--yes']).mode, 'platform');
});

test('what makes no sense is refused with its reason', () => {
  const refused = (args: string[]) => {
    try {
      readOptions(args);
    } catch (error) {
      return error instanceof UsageError ? error.code : error;
    }
    return undefined;
  };
  assert.equal(refused(['--platform', '--connect', 'qemu:///system']), 'one-mode');
  assert.equal(refused(['--port', '99999']), 'bad-port');
  assert.equal(refused(['--conect', 'x']), 'bad-flags');
});

test('both languages name every step', () => {
  assert.deepEqual(Object.keys(zh.steps).sort(), Object.keys(en.steps).sort());
  assert.equal(cloudMessages(['--lang', 'zh'], {}), zh);
  assert.equal(cloudMessages([], { LC_ALL: 'C.UTF-8' }), en);
});
