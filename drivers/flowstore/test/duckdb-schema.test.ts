import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openDuckDbStore } from '../src/index.ts';
import { sampleRow, T0 } from '../src/testing/sample-flows.ts';
import { scratchFolder } from './scratch.ts';

const PENDING = ['verdict', 'rule_num', 'rule', 'policy'].map((name) => `pending_${name}`);
const INSPECTION = [
  'inspection',
  'gateway_num',
  'gateway',
  'application',
  'server_name',
  'risks',
  'blocked_by',
  'blocked_what',
  'later_gateways',
  'signatures',
];

/** As it was before version 11. */
async function forgetOrigins(connection: DuckDBConnection): Promise<void> {
  for (const name of ['src_country', 'src_asn', 'dst_country', 'dst_asn'])
    await connection.run(`ALTER TABLE flow_updates DROP COLUMN ${name}`);
}

/** As it was before version 10. */
async function forgetFirsts(connection: DuckDBConnection): Promise<void> {
  await forgetOrigins(connection);
  await connection.run('ALTER TABLE flow_updates DROP COLUMN is_first');
}

/** A table's owners in columns of their own, as they were before version 9. */
async function partOwners(connection: DuckDBConnection, table: string): Promise<void> {
  for (const end of ['src', 'dst']) {
    for (const [n, part] of ['mac', 'vm', 'vnic', 'tenant'].entries()) {
      await connection.run(`ALTER TABLE ${table} ADD COLUMN ${end}_${part} VARCHAR`);
      await connection.run(`UPDATE ${table} SET ${end}_${part} = nullif(split_part(${end}_owner, ',', ${n + 1}), '')`);
    }
    await connection.run(`ALTER TABLE ${table} DROP COLUMN ${end}_owner`);
  }
}

/** Keys of eight characters as the text of 22 that they were the beginning of before version 9. */
async function spellKeys(connection: DuckDBConnection): Promise<void> {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const spelt = Array.from({ length: 8 }, (_, n) => `substr('${digits}', key // ${64 ** (7 - n)} % 64 + 1, 1)`).join(
    ' || ',
  );
  const text = `${spelt} || 'of-twenty-two-'`;
  await connection.run(`ALTER TABLE flow_updates ALTER key TYPE VARCHAR USING ${text}`);
}

/** A table's addresses as one number of 128 bits each, as they were before version 8. */
async function joinHalves(connection: DuckDBConnection, table: string): Promise<void> {
  for (const ip of ['src_ip', 'dst_ip']) {
    await connection.run(`ALTER TABLE ${table} ADD COLUMN ${ip} UHUGEINT`);
    await connection.run(`UPDATE ${table} SET ${ip} = ${ip}_hi::UHUGEINT * 18446744073709551616 + ${ip}_lo`);
    for (const half of ['hi', 'lo']) await connection.run(`ALTER TABLE ${table} DROP COLUMN ${ip}_${half}`);
  }
}

test('a store of version 10 keeps its flows, and takes where their ends are from now on', async (t) => {
  const path = join(await scratchFolder(t), 'flows.duckdb');
  const before = await openDuckDbStore({ path });
  await before.append('b1', [sampleRow({ key: 'old' })]);
  await before.close();
  const database = await DuckDBInstance.create(path);
  const connection = await database.connect();
  await forgetOrigins(connection);
  await connection.run('UPDATE schema_version SET version = 10');
  connection.closeSync();
  database.closeSync();

  const store = await openDuckDbStore({ path });
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
});

test('a store of version 9 counts its flows as before, beside those of which the first update is known', async (t) => {
  const path = join(await scratchFolder(t), 'flows.duckdb');
  const before = await openDuckDbStore({ path });
  await before.append('b1', [sampleRow({ key: 'old' }), sampleRow({ key: 'old', endMs: T0 + 2000 })]);
  await before.close();
  const database = await DuckDBInstance.create(path);
  const connection = await database.connect();
  await forgetFirsts(connection);
  await connection.run('UPDATE schema_version SET version = 9');
  connection.closeSync();
  database.closeSync();

  const store = await openDuckDbStore({ path });
  t.after(() => store.close());
  await store.append('b2', [sampleRow({ key: 'new', isFirst: true }), sampleRow({ key: 'newer', isFirst: true })]);
  await store.append('b3', [sampleRow({ key: 'newer', isFirst: false, endMs: T0 + 2000 })]);
  assert.deepEqual(
    (await store.series({}, 60_000)).map(({ flows, bytes }) => [flows, bytes]),
    [[3, 5 * 6000]],
  );
});

test('a store of version 7 keeps every address and owner of its flows and names', async (t) => {
  const path = join(await scratchFolder(t), 'flows.duckdb');
  const before = await openDuckDbStore({ path });
  const { src, dst, hostId, networkId } = sampleRow({ dst: { ip: '2001:db8:ffff::1' } });
  const nobody = { mac: null, vmId: null, vnicId: null, tenantId: null };
  const known = [src, dst, { ...dst, ip: '' }, { ...dst, ip: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' }];
  const peers = [...known, { ...dst, vmId: null, tenantId: null }, { ...dst, ...nobody }];
  const name = { atMs: 1, hostId, networkId, gatewayNum: 1, gatewayId: null, protocol: 17, src, dst, details: {} };
  const rows = peers.map((end, n) => sampleRow({ key: `-key__0${n}`, dst: end }));
  await before.append('b1', rows, [{ ...name, kind: 'dns', name: 'example.com' }]);
  await before.close();
  const database = await DuckDBInstance.create(path);
  const connection = await database.connect();
  await forgetFirsts(connection);
  for (const table of ['flow_updates', 'names']) {
    await partOwners(connection, table);
    await joinHalves(connection, table);
  }
  await spellKeys(connection);
  await connection.run('UPDATE schema_version SET version = 7');
  connection.closeSync();
  database.closeSync();

  const store = await openDuckDbStore({ path });
  t.after(() => store.close());
  await store.append('b2', [sampleRow({ key: 'new-one_' })], [{ ...name, kind: 'dns', name: 'example.com' }]);
  const { flows } = await store.query({}, { limit: 10 });
  const ends = (all: typeof flows | typeof rows) => all.map(({ key, src, dst }) => [key, src, dst] as const);
  const byKey = (all: ReturnType<typeof ends>) => all.toSorted(([a], [b]) => (a < b ? -1 : 1));
  assert.deepEqual(byKey(ends(flows)), byKey(ends([...rows, sampleRow({ key: 'new-one_' })])));
  const { names } = await store.names({ address: '2001:db8::/32' }, { limit: 10 });
  assert.deepEqual(
    names.map(({ src, dst }) => [src.ip, dst.ip]),
    Array(2).fill([src.ip, dst.ip]),
  );
});

test('a store of version 1 keeps its flows, and takes pending verdicts and inspections from now on', async (t) => {
  const path = join(await scratchFolder(t), 'flows.duckdb');
  const before = await openDuckDbStore({ path });
  await before.append('b1', [sampleRow({ key: 'key-0001' })]);
  await before.close();
  const database = await DuckDBInstance.create(path);
  const connection = await database.connect();
  await forgetFirsts(connection);
  for (const column of [...PENDING, ...INSPECTION])
    await connection.run(`ALTER TABLE flow_updates DROP COLUMN ${column}`);
  await partOwners(connection, 'flow_updates');
  await joinHalves(connection, 'flow_updates');
  await connection.run('DROP TABLE names');
  await spellKeys(connection);
  await connection.run('UPDATE schema_version SET version = 1');
  connection.closeSync();
  database.closeSync();

  const pending = { verdict: 'deny', ruleNum: 700, ruleId: null, policyId: null } as const;
  const first = { gatewayNum: 12, gatewayId: 'gateway-12' };
  const gateways = [first, { gatewayNum: 13, gatewayId: null }];
  const gateway = { outcome: 'through', ...first, gateways } as const;
  const inspection = {
    ...gateway,
    applications: ['SSH'],
    name: null,
    risks: [5],
    signatures: [],
    blocked: { by: 'risk' as const, what: 'known-protocol-on-non-standard-port' },
  };
  for (const key of ['key-0002', 'key-0003']) {
    const store = await openDuckDbStore({ path });
    await store.append(key, [sampleRow({ key, pending, inspection })]);
    await store.close();
  }
  const store = await openDuckDbStore({ path });
  t.after(() => store.close());
  const { flows } = await store.query({}, { limit: 10 });
  assert.deepEqual(flows.map((flow) => [flow.key, flow.pending, flow.inspection]).sort(), [
    ['key-0001', null, null],
    ['key-0002', pending, inspection],
    ['key-0003', pending, inspection],
  ]);
});
