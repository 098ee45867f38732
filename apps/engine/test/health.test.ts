import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { HealthItem, type HostFirewallProblem, type HostFirewallStatus } from '@hypervigil/model';
import { createClockWatch } from '../src/health/clock.ts';
import { type HealthInputs, healthItems } from '../src/health/health.ts';

const well: HealthInputs = {
  libvirt: undefined,
  ovs: undefined,
  switchFindings: [],
  freeBytes: 1e9,
  skewMs: 3,
  spool: { bytes: 0, limitBytes: 1000, failing: undefined },
  flowsLost: 0,
  flowsForged: 0,
  firewall: undefined,
};
const bad = (more: Partial<HealthInputs>) =>
  healthItems({ ...well, ...more })
    .filter(({ ok }) => !ok)
    .map(({ name, code }) => `${name}: ${code}`);

const firewall = (
  state: HostFirewallStatus['state'],
  code: HostFirewallProblem['code'] | null,
  unknown: HostFirewallStatus['unknown'] = [],
): Partial<HealthInputs> => ({
  firewall: {
    revision: 2,
    state,
    problem: code && { code, params: {} },
    kept: 1,
    repairs: 0,
    rules: [],
    inbound: null,
    outbound: null,
    unknown,
  },
});

suite('health', () => {
  test('all is well', () => {
    assert.deepEqual(bad({}), []);
    assert.deepEqual(bad(firewall('trial', null)), []);
    for (const item of healthItems({ ...well, ...firewall('kept', null) })) HealthItem.parse(item);
  });

  const cases: readonly (readonly [Partial<HealthInputs>, string])[] = [
    [{ libvirt: 'refused' }, 'libvirt: away'],
    [{ ovs: 'refused' }, 'ovs: away'],
    [{ switchFindings: [{ code: 'offload-breaks-tcp', params: { bridge: 'br-int' } }] }, 'ovs: offload-breaks-tcp'],
    [{ freeBytes: 1024 }, 'disk: low'],
    [{ skewMs: -6000 }, 'clock: skewed'],
    [{ spool: { bytes: 950, limitBytes: 1000, failing: undefined } }, 'spool: nearly-full'],
    [{ spool: { bytes: 0, limitBytes: 1000, failing: 'no space' } }, 'spool: failing'],
    [{ flowsLost: 1 }, 'flows: lost'],
    [{ flowsLost: 1, flowsForged: 1 }, 'flows: forged'],
    [firewall('failed', 'nft-missing'), 'firewall: nft-missing'],
    [firewall('refused', 'cuts-ssh'), 'firewall: policy-refused'],
    [firewall('rolled-back', 'not-confirmed'), 'firewall: rolled-back'],
    [
      firewall('kept', null, [{ protocol: 'tcp', address: '::', port: 23, process: null }]),
      'listeners: unknown-listener',
    ],
  ];
  for (const [more, expected] of cases) test(expected, () => assert.deepEqual(bad(more), [expected]));

  test('a clock that jumps is seen at once, without asking the platform again', () => {
    let [wall, steady] = [1_000_000, 500];
    const clock = createClockWatch({ wall: () => wall, steady: () => steady });
    assert.equal(clock.skewMs(), null);
    clock.learn({ platformTime: 1_000_000 - 20, roundTripMs: 40 });
    assert.equal(clock.skewMs(), 0);
    [wall, steady] = [wall + 3000, steady + 3000];
    assert.equal(clock.skewMs(), 0);
    assert.equal(clock.errorMs(), 0);
    wall += 3_600_000;
    assert.equal(clock.skewMs(), 3_600_000);
    assert.equal(clock.errorMs(), 3_600_000);
  });

  test('the platform’s clock that jumps is seen by its pings; one ping that comes late is not taken for a jump', () => {
    const clock = createClockWatch({ wall: () => 1_000_000, steady: () => 500 });
    clock.learn({ platformTime: 1_000_000, roundTripMs: 0 });
    clock.hear(990_000);
    assert.equal(clock.skewMs(), 0);
    clock.hear(4_600_000);
    assert.equal(clock.skewMs(), -3_600_000);
    for (let n = 0; n < 3; n++) clock.hear(1_000_000);
    assert.equal(clock.skewMs(), 0);
  });
});
