import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { openDuckDbStore } from '../src/index.ts';
import { sampleRow } from '../src/testing/sample-flows.ts';
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

test('a store of version 1 keeps its flows, and takes pending verdicts and inspections from now on', async (t) => {
  const path = join(await scratchFolder(t), 'flows.duckdb');
  const before = await openDuckDbStore({ path });
  await before.append('b1', [sampleRow()]);
  await before.close();
  const database = await DuckDBInstance.create(path);
  const connection = await database.connect();
  for (const column of [...PENDING, ...INSPECTION])
    await connection.run(`ALTER TABLE flow_updates DROP COLUMN ${column}`);
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
  for (const key of ['k2', 'k3']) {
    const store = await openDuckDbStore({ path });
    await store.append(key, [sampleRow({ key, pending, inspection })]);
    await store.close();
  }
  const store = await openDuckDbStore({ path });
  t.after(() => store.close());
  const { flows } = await store.query({}, { limit: 10 });
  assert.deepEqual(flows.map((flow) => [flow.key, flow.pending, flow.inspection]).sort(), [
    ['k1', null, null],
    ['k2', pending, inspection],
    ['k3', pending, inspection],
  ]);
});
