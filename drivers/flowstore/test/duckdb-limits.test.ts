import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type FlowExpression, matchesFlow } from '@hypervigil/model';
import { openDuckDbStore } from '../src/index.ts';
import { sampleRow, T0 } from '../src/testing/sample-flows.ts';
import { scratchFolder } from './scratch.ts';

const inspection = (name: string) => ({
  ...{ outcome: 'through' as const, gatewayNum: 1, gatewayId: null, applications: ['TLS'], risks: [], blocked: null },
  ...{ gateways: [], signatures: [], name },
});

test('a question that takes too long is given up, and the store goes on', async (t) => {
  const store = await openDuckDbStore({ path: join(await scratchFolder(t), 'flows.duckdb'), querySeconds: 0.005 });
  t.after(() => store.close());
  const rows = Array.from({ length: 50_000 }, (_, n) =>
    sampleRow({ key: `${n}`, endMs: T0 + n, inspection: inspection(`${n}.example.com`.repeat(10)) }),
  );
  await store.append('b1', rows);
  const among = (text: string): FlowExpression => ({
    op: 'test',
    field: 'name',
    is: { kind: 'text', how: 'contains', text },
  });
  const slow: FlowExpression = { op: 'or', of: Array.from({ length: 100 }, (_, n) => among(`example.org${n}`)) };
  assert.equal(matchesFlow(slow, { ...rows[0]!, endMs: T0 }), false);
  await assert.rejects(store.top({ expression: slow }, ['name', 'src.ip'], 'flows', 10), {
    code: 'FLOWSTORE_TOO_SLOW',
  });
  assert.deepEqual(await store.append('b2', [sampleRow()]), { stored: true });
});

test('a question that does not fit into memory says so, and the store goes on', async (t) => {
  const path = join(await scratchFolder(t), 'flows.duckdb');
  const roomy = await openDuckDbStore({ path });
  for (let batch = 0; batch < 10; batch++) {
    const name = (n: number) => `${`${batch}.${n}.`.repeat(20)}example.com`;
    const rows = Array.from({ length: 10_000 }, (_, n) => sampleRow({ key: `${n}`, inspection: inspection(name(n)) }));
    await roomy.append(`b${batch}`, rows);
  }
  await roomy.close();
  const store = await openDuckDbStore({ path, memoryMiB: 32, spillMiB: 1 });
  t.after(() => store.close());
  await assert.rejects(store.top({}, ['name', 'application'], 'flows', 10), { code: 'FLOWSTORE_TOO_LARGE' });
  assert.equal((await store.stats()).rows, 100_000);
  assert.deepEqual(await store.append('last', [sampleRow()]), { stored: true });
});
