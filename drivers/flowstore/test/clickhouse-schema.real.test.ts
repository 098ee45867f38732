import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClickHouseStore } from '../src/index.ts';
import { startClickHouse, WITHOUT_CLICKHOUSE } from '../src/testing/clickhouse.ts';
import { sampleRow, T0 } from '../src/testing/sample-flows.ts';

const SKIP = process.env['HV_REAL'] !== '1' ? 'needs HV_REAL=1' : WITHOUT_CLICKHOUSE;
const ORIGINS = ['src_country', 'src_asn', 'dst_country', 'dst_asn'];

test('ClickHouse: a store of version 1 keeps its flows, and takes where their ends are from now on', {
  skip: SKIP,
}, async (t) => {
  const server = await startClickHouse();
  t.after(() => server[Symbol.asyncDispose]());
  const url = server.database();
  const name = new URL(url).pathname.slice(1);
  const before = await openClickHouseStore({ url });
  await before.append('b1', [sampleRow({ key: 'old' })]);
  await before.close();
  for (const column of ORIGINS) assert.equal(await server.ask(`ALTER TABLE ${name}.records DROP COLUMN ${column}`), '');
  assert.equal(await server.ask(`DROP TABLE ${name}.schema_version`), '');
  await server.ask(`CREATE TABLE ${name}.schema_version (version UInt32) ENGINE = MergeTree ORDER BY version`);
  await server.ask(`INSERT INTO ${name}.schema_version SELECT toUInt32(1)`);

  const store = await openClickHouseStore({ url });
  t.after(() => store.close());
  await store.append('b2', [sampleRow({ key: 'new', dst: { country: 'DE', asn: 64_500 }, endMs: T0 + 2000 })]);
  const { flows } = await store.query({}, { limit: 10 });
  assert.deepEqual(
    flows.map(({ key, dst }) => [key, dst.country, dst.asn]),
    [
      ['new', 'DE', 64_500],
      ['old', undefined, undefined],
    ],
  );
  assert.equal(await server.ask(`SELECT max(version) FROM ${name}.schema_version`), '2\n');
});
