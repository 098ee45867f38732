import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FLOW_LATE_MS, FLOW_QUIET_MS, flowTroubles, type HealthItem } from '../src/index.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const WELL = {
  ...{ online: true, policed: 2, records: 10, names: 0, lost: 0, repeated: 0, unjudged: 0, lagMs: 1_000 },
  ...{ lastBatchAt: new Date(NOW - 1_000).toISOString(), health: [] as HealthItem[] },
};
const item = (name: HealthItem['name'], code: string): HealthItem => ({ name, ok: code === 'ok', code, params: {} });

test('what is wrong with the flows of a host is said, what weighs most first', () => {
  const troubles = (change: Partial<typeof WELL>) => flowTroubles({ ...WELL, ...change }, NOW).join(' ');
  assert.equal(troubles({}), '');
  assert.equal(troubles({ repeated: 3, health: [item('spool', 'ok'), item('libvirt', 'away')] }), '');
  assert.equal(troubles({ lost: 1 }), 'losing');
  assert.equal(troubles({ health: [item('flows', 'lost')] }), 'losing');
  assert.equal(troubles({ health: [item('flows', 'forged'), item('clock', 'skewed')] }), 'forged clock');
  assert.equal(troubles({ health: [item('spool', 'nearly-full')], lagMs: FLOW_LATE_MS + 1 }), 'spooling late');
  assert.equal(troubles({ lagMs: FLOW_LATE_MS, unjudged: 1 }), 'unjudged');
  assert.equal(troubles({ lastBatchAt: new Date(NOW - FLOW_QUIET_MS - 1).toISOString() }), 'quiet');
  const never = { ...WELL, lastBatchAt: null, lagMs: null };
  assert.deepEqual(flowTroubles(never, NOW), ['quiet']);
  assert.deepEqual(flowTroubles({ ...never, policed: 0 }, NOW), [], 'nobody is there whose flows could come');
  assert.deepEqual(flowTroubles({ ...never, online: false }, NOW), ['away']);
});
