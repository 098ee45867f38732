import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { beginState, observe, readState, type SeenFlow, sightingsOf } from '../src/index.ts';
import { outside, VMS } from '../src/testing/traffic.ts';

const DAY_MS = 24 * 3_600_000;
type Change = Partial<Omit<SeenFlow, 'dst'>> & { to?: Partial<SeenFlow['dst']> };

const flow = (atMs: number, { to, ...change }: Change = {}): SeenFlow => ({
  ...{ key: `${atMs}`, point: 'egress', protocol: 6, verdict: 'allow', ruleNum: 100, revision: 8, inspection: null },
  ...{ bytes: 500, packets: 6, replyBytes: 500, replyPackets: 5, startMs: atMs, endMs: atMs + 20 },
  src: { ...VMS.own, port: 40_000 },
  dst: { ...outside('20.1.1.1'), port: 443, ...to },
  ...change,
});

/** What is told of flows, one after the other, of what a VM meets for the first time. */
function told(flows: readonly SeenFlow[], effort = {}) {
  const state = beginState();
  return flows
    .flatMap((one) => sightingsOf(one, { effortOf: () => effort }).filter(({ vmId }) => vmId === VMS.own.vmId))
    .flatMap((seen) => observe(state, seen))
    .filter(({ code }) => code === 'first-seen')
    .map(({ seen, expected }) => [seen['what'], seen['value'], expected['days']]);
}

const speaking = (application: string): SeenFlow['inspection'] => ({
  ...{ applications: [application], risks: [], name: null, signatures: [] },
});
const ICELAND = outside('203.0.113.7');

describe('what a VM meets for the first time', () => {
  const usual = [flow(0), flow(DAY_MS, { to: { ...VMS.peer, port: 5432 } }), flow(2 * DAY_MS)];
  const later = 9 * DAY_MS;

  it('is told once it has met nothing new of that kind for a week', () => {
    assert.deepEqual(told([...usual, flow(later, { to: ICELAND }), flow(later + 1, { to: ICELAND })]), [
      ['country', 'IS', 9],
    ]);
    assert.deepEqual(told([...usual, flow(6 * DAY_MS, { to: ICELAND })]), []);
    assert.deepEqual(told([...usual, flow(later, { to: { ...VMS.peer, port: 22 } })]), [['machine', VMS.peer.ip, 8]]);
    assert.deepEqual(told([...usual, flow(later, { inspection: speaking('SSH') })]), [['application', 'SSH', 9]]);
    assert.deepEqual(told([...usual, flow(later, { to: { ...outside('20.9.9.9'), asn: 1 } })]), [['system', 'AS1', 9]]);
  });

  it('is told sooner or later, as it is set', () => {
    const flows = [...usual, flow(5 * DAY_MS, { to: ICELAND })];
    assert.deepEqual(told(flows, { 'first-seen': 0.5 }), [['country', 'IS', 5]]);
    assert.deepEqual(told([...usual, flow(later, { to: ICELAND })], { 'first-seen': 2 }), []);
  });

  it('is not told of who comes, of what nobody answers, or of a VM that meets new ones all the time', () => {
    const comes = { ...flow(later), src: { ...ICELAND, port: 50_000 }, dst: { ...VMS.own, port: 443 } };
    assert.deepEqual(told([...usual, comes]), []);
    assert.deepEqual(told([...usual, flow(later, { to: ICELAND, replyPackets: 0 })]), []);
    assert.deepEqual(told([...usual, flow(later, { to: ICELAND, verdict: 'deny' })]), []);
    const many = Array.from({ length: 30 }, (_, n) => flow(n, { to: outside(`${11 + n}.1.1.1`) }));
    assert.deepEqual(told([...many, flow(later, { to: ICELAND })]), []);
  });

  it('what is told again of a connection from elsewhere is what a gateway recognised, and nothing else', () => {
    const again = { point: 'ingress' as const, inspection: speaking('SSH'), to: { ...VMS.peer, port: 22 } };
    assert.deepEqual(told([...usual, flow(later, again)]), [['application', 'SSH', 9]]);
  });

  it('is remembered across a restart', () => {
    const state = beginState();
    for (const one of usual) for (const seen of sightingsOf(one)) observe(state, seen);
    const read = readState(JSON.parse(JSON.stringify(state)));
    assert.deepEqual(read.firstSeen, state.firstSeen);
    assert.notEqual(read.firstSeen.country.met, '');
  });
});
