import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { createMetrics } from '../src/metrics.ts';

const counts = { flows: 9, lost: 2, malformed: 1, absurd: 0 };
const quiet = {
  ...{ channels: () => 0, streams: () => 0, eventPosition: () => 0, notificationsWaiting: async () => 3 },
  exporters: async () => [{ exporter: 'tor-1', host: 'h1', counts }],
};
const REFERENCE = new URL('../../../docs/reference/metrics.md', import.meta.url);

test('the reference lists every figure with its kind and labels', async () => {
  const gateways = async () => [{ group: 'edge', host: 'h1', phase: 'up' as const, count: 2 }];
  const text = await createMetrics({ ...quiet, gateways }).text();
  const told = [...text.matchAll(/^# TYPE (hypervigil_\w+) (\w+)$/gm)].map(([, name, kind]) => `${name} ${kind}`);
  const listed = [...(await readFile(REFERENCE, 'utf8')).matchAll(/^\| `(hypervigil_\w+)` \| (\w+) \|/gm)];
  assert.deepEqual(listed.map(([, name, kind]) => `${name} ${kind}`).sort(), told.sort());
  assert.match(text, /^hypervigil_notifications_waiting 3$/m);
  assert.match(text, /^hypervigil_gateways\{group="edge",host="h1",phase="up"\} 2$/m);
  assert.match(text, /^hypervigil_exporter_records\{exporter="tor-1",host="h1",what="lost"\} 2$/m);
});

test('without the database, the other figures are told', async () => {
  const metrics = createMetrics({ ...quiet, gateways: () => Promise.reject(new Error('no database')) });
  metrics.flows(3, 1);
  const text = await metrics.text();
  assert.match(text, /^hypervigil_flow_records_total 3$/m);
  assert.doesNotMatch(text, /^hypervigil_gateways\{/m);
});
