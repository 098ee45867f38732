import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { EngineMessage } from '@hypervigil/contract';
import { createAnnouncer } from '../src/enforcement/announce.ts';
import { EMPTY_INTENT } from '../src/enforcement/owner.ts';
import { silentLog } from '../src/testing/silent-log.ts';
import { until } from '../src/testing/until.ts';

const applied = (revision: number) => ({ revision, policyRevision: 0, error: null, flows: 1, tookMs: 1 });
const intent = (revision: number) => ({ ...EMPTY_INTENT, revision });

suite('an intent is confirmed when it is stored', () => {
  test('what cannot be stored is said to be enforced only, and tried again until it can, unless a newer one came', async () => {
    let full = true;
    const said: [number, boolean][] = [];
    const stored: number[] = [];
    const announcer = createAnnouncer({
      saver: {
        async save({ revision }) {
          if (full) throw new Error('no space left on device');
          stored.push(revision);
        },
      },
      send(message: EngineMessage) {
        if (message.type === 'applied') said.push([message.revision, message.error === null]);
        return true;
      },
      log: silentLog,
      retryMs: 1,
    });
    announcer.applied(applied(1), intent(1));
    await until(() => said.length > 2);
    assert.deepEqual(said[0], [1, false]);
    announcer.applied(applied(2), intent(2));
    await until(() => said.some(([revision]) => revision === 2));
    full = false;
    await until(() => said.some(([, isStored]) => isStored));
    assert.deepEqual(said.at(-1), [2, true]);
    assert.deepEqual(stored, [2]);
    announcer.stop();
  });
});
