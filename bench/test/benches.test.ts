import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BENCHES, BESIDE } from '../src/benches.ts';

const beside = Object.entries(BESIDE).flatMap(([peer, benches]) =>
  Object.entries(benches).map(([name, load]) => [`${name} beside ${peer}`, load] as const),
);

for (const [name, load] of [...Object.entries(BENCHES), ...beside]) {
  test(`${name} can be loaded, and does nothing until it is run`, async () => {
    const bench = await load();
    const metrics = bench()[Symbol.asyncIterator]();
    // Not begun: what it would bring up is not there to be taken down.
    assert.deepEqual(await metrics.return?.(), { done: true, value: undefined });
  });
}
