import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BENCHES } from '../src/benches.ts';

for (const [name, load] of Object.entries(BENCHES)) {
  test(`${name} can be loaded, and does nothing until it is run`, async () => {
    const bench = await load();
    const metrics = bench()[Symbol.asyncIterator]();
    // Not begun: what it would bring up is not there to be taken down.
    assert.deepEqual(await metrics.return?.(), { done: true, value: undefined });
  });
}
