import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALERT_CODES, ALERT_RESOLUTIONS, type AlertCode, type AlertResolution, isGraded } from '@hypervigil/model';
import fc from 'fast-check';
import { type AppliedSetting, type Judged, proposalsOf } from '../src/index.ts';

const alerts = (count: number, resolution: AlertResolution, change: Partial<Judged> = {}): Judged[] =>
  Array.from({ length: count }, (_, n) => ({
    ...{ code: 'flood', vmId: `vm${n % 2}`, groupIds: [], resolution },
    ...change,
  }));
const said = (judged: readonly Judged[], settings: readonly AppliedSetting[] = []) =>
  proposalsOf(judged, settings).map(({ groupId, code, sensitivity }) => `${groupId} ${code} ${sensitivity}`);

describe('what became of alerts', () => {
  it('speaks for less where it was false again and again, and never true', () => {
    assert.deepEqual(said(alerts(4, 'false')), []);
    assert.deepEqual(said(alerts(5, 'false')), ['null flood low']);
    assert.deepEqual(said([...alerts(50, 'false'), ...alerts(1, 'true')]), []);
  });

  it('speaks for nothing of what is found or not, but that it is expected of a group', () => {
    assert.deepEqual(said(alerts(9, 'false', { code: 'mining', groupIds: ['g'] })), []);
    assert.deepEqual(said(alerts(9, 'expected', { code: 'mining', groupIds: ['g'] })), ['g mining off']);
  });

  it('switches off for no single VM, and not for every one', () => {
    assert.deepEqual(said(alerts(9, 'expected')), []);
    assert.deepEqual(said(alerts(9, 'expected', { vmId: 'vm', groupIds: ['g'] })), []);
    assert.deepEqual(said(alerts(9, 'expected', { groupIds: ['g'] })), ['g flood off']);
  });

  it('is about the smallest group that accounts for it, where nothing was true', () => {
    const ofGroup = alerts(9, 'false', { groupIds: ['large', 'small'] });
    const beside = alerts(2, 'false', { vmId: 'other', groupIds: ['large'] });
    assert.deepEqual(said([...ofGroup, ...beside]), ['small flood low']);
    assert.deepEqual(said([...ofGroup, ...beside, ...alerts(1, 'true', { groupIds: ['large'] })]), ['small flood low']);
    assert.deepEqual(said([...ofGroup, ...alerts(9, 'false', { vmId: 'other' })]), ['null flood low']);
  });

  it('does not speak for what is set, or less', () => {
    const set = (sensitivity: AppliedSetting['sensitivity']) => [
      { id: 's', groupId: null, codes: ['flood'] as AlertCode[], sensitivity },
    ];
    for (const [sensitivity, count] of [
      ['off', 0],
      ['low', 0],
      ['normal', 1],
      ['high', 1],
    ] as const)
      assert.equal(said(alerts(5, 'false'), set(sensitivity)).length, count, sensitivity);
  });

  it('never speaks against a true alert, nor for a measure where there is none', () => {
    const some = fc.record({
      code: fc.constantFrom(...ALERT_CODES.slice(0, 12)),
      vmId: fc.constantFrom('a', 'b', 'c', 'd'),
      groupIds: fc.uniqueArray(fc.constantFrom('g', 'h', 'i')),
      resolution: fc.constantFrom(...ALERT_RESOLUTIONS),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 80 }), (judged) => {
        for (const { code, groupId, sensitivity, ...counts } of proposalsOf(judged, [])) {
          const about = judged.filter(
            (one) => one.code === code && (groupId === null || (one.groupIds as readonly string[]).includes(groupId)),
          );
          assert.ok(about.every(({ resolution }) => resolution !== 'true'));
          assert.equal(about.length, counts.false + counts.expected);
          assert.ok(sensitivity === 'low' ? isGraded(code) : groupId !== null && counts.false === 0);
        }
      }),
    );
  });
});
