import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ALERT_CODES, AlertMatch, matchesAlert, SEVERITIES } from '@hypervigil/model';
import fc from 'fast-check';
import { decide, peerToBlock, rehearse } from '../src/index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const vm = fc.constantFrom('a', 'b', 'c');
const alert = fc.record({
  id: fc.nat(40).map(String),
  vmId: vm,
  /** Steps of a minute within five hours: ties and whole hours apart are common. */
  atMs: fc.nat(300).map((n) => n * MINUTE),
  code: fc.constantFrom(...ALERT_CODES.slice(0, 3)),
  severity: fc.constantFrom(...SEVERITIES),
  tenantId: fc.constantFrom(null, 'acme', 'globex'),
  tags: fc.constantFrom({}, { env: 'test' }),
});
const playbook = fc.record({
  perHour: fc.integer({ min: 1, max: 6 }),
  perVmHour: fc.integer({ min: 1, max: 4 }),
  approvalMinutes: fc.constantFrom(null, 30),
  match: fc
    .record({
      codes: fc.constantFrom([], ALERT_CODES.slice(0, 1)),
      leastSeverity: fc.constantFrom(...SEVERITIES),
      selector: fc.constantFrom('', 'not env=test'),
    })
    .map((match) => AlertMatch.parse(match)),
});

it('a playbook is never over its limits, in no hour, whatever comes', () => {
  fc.assert(
    fc.property(playbook, fc.array(alert, { maxLength: 60 }), (one, alerts) => {
      const acts = rehearse(one, alerts).flatMap(({ alert: { vmId, atMs }, verdict }) =>
        verdict === 'hold' ? [] : [{ vmId, atMs }],
      );
      for (const { atMs: end } of acts) {
        const within = acts.filter(({ atMs }) => atMs > end - HOUR && atMs <= end);
        assert.ok(within.length <= one.perHour);
        for (const { vmId } of within) assert.ok(within.filter((act) => act.vmId === vmId).length <= one.perVmHour);
      }
    }),
  );
});

it('makes something of each alert that fits, once, and of no other', () => {
  fc.assert(
    fc.property(playbook, fc.array(alert, { maxLength: 60 }), (one, alerts) => {
      const made = rehearse(one, alerts).map((each) => each.alert.id);
      assert.equal(new Set(made).size, made.length);
      const fitting = new Set(alerts.filter((each) => matchesAlert(one.match, each)).map(({ id }) => id));
      assert.deepEqual(new Set(made), fitting);
    }),
  );
});

it('asks where somebody has to approve, and holds only when it has to', () => {
  fc.assert(
    fc.property(
      playbook,
      fc.array(fc.record({ vmId: vm, atMs: fc.nat(HOUR * 3) }), { maxLength: 20 }),
      vm,
      (one, history, vmId) => {
        const atMs = HOUR * 3;
        const verdict = decide(one, history, { vmId, atMs });
        const lately = history.filter((act) => atMs - act.atMs < HOUR);
        const isFull =
          lately.length >= one.perHour || lately.filter((act) => act.vmId === vmId).length >= one.perVmHour;
        assert.equal(verdict === 'hold', isFull);
        if (!isFull) assert.equal(verdict, one.approvalMinutes === null ? 'act' : 'ask');
      },
    ),
  );
});

it('blocks the first other end that is no VM of the cloud', () => {
  const inside = { ip: '10.0.0.2', vmId: 'x', tenantId: null };
  assert.equal(peerToBlock([]), undefined);
  assert.equal(peerToBlock([inside]), undefined);
  assert.equal(peerToBlock([inside, { ...inside, ip: '203.0.113.7', vmId: null }]), '203.0.113.7');
});
