import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VmBehaviour } from '@hypervigil/model';
import fc from 'fast-check';
import { beginState, behaviourOf, observe, readState, sightingsOf, type VmState } from '../src/index.ts';
import { play, VMS, WEEKS, watch } from '../src/testing/index.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIB = 1024 * 1024;
const RUNS = Number(process.env['HV_FUZZ'] ?? 20_000) / 200;

function known(days: number, scene: keyof typeof WEEKS): VmState {
  const states = new Map<string, VmState>();
  watch(play([WEEKS[scene]], 1001, days * DAY_MS), states);
  return states.get(VMS.own.vmId)!;
}
const measureOf = (state: VmState, nowMs: number, measure: string) =>
  behaviourOf(state, nowMs).measures.find((one) => one.measure === measure)!;
const learningOf = (state: VmState, nowMs: number, code: string) =>
  behaviourOf(state, nowMs).learning.find((one) => one.code === code)!;
const ms = (at: string | null) => Date.parse(at!);

describe('behaviour', () => {
  it('of a VM that nothing is known of, is nothing yet', () => {
    const { measures, learning } = behaviourOf(beginState(), 5 * DAY_MS);
    for (const { now, week } of measures) {
      assert.deepEqual([ms(now.at), now.seen, now.usual, now.alertsFrom], [5 * DAY_MS, 0, null, null]);
      assert.ok(week.every(({ seen, usual, alertsFrom }) => seen === null && usual === null && alertsFrom === null));
    }
    assert.ok(learning.every(({ since, until, share }) => since === null && until === null && share === 0));
  });

  it('tells how far a detector is that learns, and from when on it judges', () => {
    const state = known(3, 'shop');
    const volume = learningOf(state, 3 * DAY_MS, 'unusual-volume');
    assert.deepEqual([ms(volume.since), ms(volume.until)], [0, 7 * DAY_MS]);
    assert.ok(Math.abs(volume.share - 3 / 7) < 0.01);
    assert.equal(learningOf(state, 3 * DAY_MS, 'lateral-movement').share, 1);
    assert.deepEqual(measureOf(state, 3 * DAY_MS, 'sent').now.usual, null);
    assert.notEqual(measureOf(state, 3 * DAY_MS, 'sent-outside').now.usual, null);
  });

  it('has the busy hours of the week where they are, by what was seen and by what is usual', () => {
    const nowMs = 15 * DAY_MS + 30 * 60_000;
    const { now, week } = measureOf(known(15, 'copies'), nowMs, 'sent');
    const gib = (hour: number, of: 'seen' | 'usual') =>
      week.filter(({ at }) => new Date(at).getUTCHours() === hour).map((one) => one[of]! / 1024 / MIB);
    assert.ok(gib(3, 'seen').every((seen) => seen > 0.5));
    assert.ok(gib(12, 'seen').every((seen) => seen < 0.01));
    assert.ok(gib(3, 'usual').every((usual) => usual > 0.5));
    assert.ok(gib(12, 'usual').every((usual) => usual < 0.01));
    assert.equal(ms(now.at), 15 * DAY_MS);
    assert.equal(ms(week[0]!.at), ms(now.at) - 7 * DAY_MS);
    assert.deepEqual([now.usual, now.alertsFrom], [week[0]!.usual, week[0]!.alertsFrom]);
  });

  it('is told of from the amount on that it says, and not below', () => {
    const state = known(15, 'shop');
    const nowMs = 15 * DAY_MS + 1000;
    const { alertsFrom, usual } = measureOf(state, nowMs, 'sent').now;
    assert.equal(alertsFrom, Math.max(4 * usual!, usual! + 2048 * MIB));
    const sends = (bytes: number) => {
      const copy = structuredClone(state);
      const { seen } = measureOf(copy, nowMs, 'sent').now;
      return observe(copy, {
        ...{ key: 'k', protocol: 6, verdict: 'allow', ruleNum: 100, revision: 8, inspection: null, threat: null },
        ...{
          vmId: VMS.own.vmId,
          tenantId: VMS.own.tenantId,
          ip: VMS.own.ip,
          role: 'server',
          isUnruled: false,
          isToldAgain: false,
        },
        ...{ peer: VMS.peer, port: 443, bytes: 0, packets: 9, replyPackets: 9, startMs: nowMs, endMs: nowMs },
        replyBytes: bytes - seen,
      }).map(({ code }) => code);
    };
    assert.deepEqual(sends(alertsFrom! - 1), []);
    assert.deepEqual(sends(alertsFrom!), ['unusual-volume']);
  });

  it('of a VM that another tenant has by now begins with that', () => {
    const state = known(9, 'shop');
    const [arrival] = play([WEEKS.shop], 1, DAY_MS);
    const [seen] = sightingsOf({ ...arrival!.flow!, startMs: 9 * DAY_MS, endMs: 9 * DAY_MS });
    assert.equal(seen!.tenantId, state.tenantId);
    const before = measureOf(state, 9 * DAY_MS, 'sent').now.usual;
    observe(state, seen!);
    assert.equal(measureOf(state, 9 * DAY_MS, 'sent').now.usual, before);
    observe(state, { ...seen!, tenantId: VMS.foreign.tenantId });
    const { now, week } = measureOf(state, 9 * DAY_MS, 'sent');
    assert.deepEqual([now.usual, state.tenantId], [null, VMS.foreign.tenantId]);
    assert.ok(week.every(({ seen: amount }) => amount === null));
    assert.deepEqual(readState(JSON.parse(JSON.stringify(state))), state);
  });

  it('changes nothing of what is known, goes on while nothing comes, and fits what is told of it, whatever the clocks say', () => {
    const states = [beginState(), known(2, 'shop'), known(9, 'crawl')];
    const before = structuredClone(states);
    const time = fc.oneof(fc.integer({ min: 0, max: 40 * DAY_MS }), fc.maxSafeInteger());
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), time, (n, nowMs) => {
        const behaviour = behaviourOf(states[n]!, nowMs);
        VmBehaviour.parse({ vmId: VMS.own.vmId, at: new Date(0).toISOString(), seenAt: null, set: [], ...behaviour });
        assert.deepEqual(states[n], before[n]);
        for (const { now, week } of behaviour.measures)
          assert.deepEqual([now.usual, now.alertsFrom], [week[0]!.usual, week[0]!.alertsFrom]);
      }),
      { numRuns: RUNS },
    );
  });
});
