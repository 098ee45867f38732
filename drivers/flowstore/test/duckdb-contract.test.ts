import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDbStore } from '../src/index.ts';
import { flowStoreContract } from '../src/testing/contract.ts';

flowStoreContract('DuckDB', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'hv-flows-'));
  const store = await openDuckDbStore({ path: join(folder, 'flows.duckdb'), memoryMiB: 256 });
  t.after(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  return store;
});
