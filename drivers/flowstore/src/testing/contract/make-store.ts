import type { TestContext } from 'node:test';
import type { FlowRow } from '../../flow.ts';
import type { FlowStore } from '../../store.ts';

/** Makes an empty store; the maker closes and removes it after the test. */
export type MakeStore = (t: TestContext) => Promise<FlowStore>;

export async function storeWith(t: TestContext, makeStore: MakeStore, rows: readonly FlowRow[]): Promise<FlowStore> {
  const store = await makeStore(t);
  await store.append('batch', rows);
  return store;
}
