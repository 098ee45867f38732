import { after, before } from 'node:test';
import { openClickHouseStore } from '../src/index.ts';
import { type ClickHouse, startClickHouse, WITHOUT_CLICKHOUSE } from '../src/testing/clickhouse.ts';
import { flowStoreContract } from '../src/testing/contract.ts';

const SKIP = process.env['HV_REAL'] !== '1' ? 'needs HV_REAL=1' : WITHOUT_CLICKHOUSE;

let server: ClickHouse;
before(async () => {
  if (SKIP === false) server = await startClickHouse();
});
after(() => server?.[Symbol.asyncDispose]());

flowStoreContract(
  'ClickHouse',
  async (t) => {
    const store = await openClickHouseStore({ url: server.database() });
    t.after(() => store.close());
    return store;
  },
  { skip: SKIP, fewer: 4 },
);
