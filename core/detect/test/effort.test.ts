import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALERT_CODES, type AlertCode, isGraded, type SetDetector } from '@hypervigil/model';
import { type AppliedSetting, tuningOf, UNTUNED } from '../src/index.ts';
import { ATTACKS, BENIGN, play, SLOW_ATTACKS, watch } from '../src/testing/index.ts';

const SEED = 1021;
const MINUTES = 60_000;
const everyCode = (times: number) => Object.fromEntries(ALERT_CODES.map((code) => [code, times]));
const setting = (id: string, change: Partial<AppliedSetting>): AppliedSetting => ({
  ...{ id, groupId: null, codes: ['flood'], sensitivity: 'normal' },
  ...change,
});

describe('how much detectors ask for', () => {
  const scenes = [
    ...Object.entries(ATTACKS).map(([name, { code, scene }]) => ({
      ...{ name, code },
      arrivals: () => play([BENIGN.chores, scene], SEED, 1.5 * MINUTES),
    })),
    ...Object.entries(SLOW_ATTACKS).map(([name, { code, scene, background, durationMs }]) => ({
      ...{ name, code },
      arrivals: () => play([...background, scene], SEED, durationMs),
    })),
  ];
  const firstOf = (arrivals: Parameters<typeof watch>[0], code: AlertCode, times: number): number =>
    watch(arrivals, new Map(), everyCode(times)).find((one) => one.code === code)?.atMs ?? Number.POSITIVE_INFINITY;
  const moved = { half: 0, twice: 0 };

  for (const { name, code, arrivals } of scenes)
    it(`${name}: half of it is told no later, twice of it no sooner`, () => {
      const played = arrivals();
      const [half, once, twice] = [0.5, 1, 2].map((times) => firstOf(played, code, times));
      assert.ok(half! <= once! && once! <= twice!, `${half} ${once} ${twice}`);
      if (!isGraded(code)) assert.deepEqual([half, twice], [once, once]);
      moved.half += Number(half !== once);
      moved.twice += Number(twice !== once);
    });

  it('of the tries at everything are told, whatever is asked for of the one and the other', () => {
    const tries = play([BENIGN.chores, ATTACKS['sweep, silent']!.scene], SEED, 5 * MINUTES);
    const effort = { 'port-scan': 1, 'host-sweep': 2 };
    assert.ok(watch(tries, new Map(), effort).some(({ code }) => code === 'host-sweep'));
  });

  it('tells most attacks sooner when half is asked for, and later when twice is', () => {
    const graded = scenes.filter(({ code }) => isGraded(code)).length;
    assert.ok(Math.min(moved.half, moved.twice) > graded / 2, JSON.stringify({ ...moved, graded }));
  });
});

describe('settings that are for one VM', () => {
  it('are none where there is none', () => assert.equal(tuningOf([]), UNTUNED));

  it('of a group come before those for every VM', () => {
    const settings = [
      setting('all', { sensitivity: 'off', codes: ['flood', 'beacon'] }),
      setting('group', { groupId: 'g', sensitivity: 'high' }),
    ];
    assert.deepEqual(tuningOf(settings), {
      ...{ effort: { flood: 0.5 }, offBy: { beacon: 'all' } },
      set: [
        { code: 'flood', sensitivity: 'high' },
        { code: 'beacon', sensitivity: 'off' },
      ],
    });
  });

  it('of several groups are as the one that tells least', () => {
    const of = (...all: AppliedSetting['sensitivity'][]) =>
      tuningOf(all.map((sensitivity, n) => setting(String(n), { groupId: String(n), sensitivity })));
    const set = (sensitivity: SetDetector['sensitivity']) => [{ code: 'flood', sensitivity }];
    assert.deepEqual(of('high', 'low'), { effort: { flood: 2 }, offBy: {}, set: set('low') });
    assert.deepEqual(of('high', 'off', 'low'), { effort: {}, offBy: { flood: '1' }, set: set('off') });
    assert.deepEqual(of('normal', 'high'), UNTUNED);
  });

  it('ask for nothing else of what is found or not', () => {
    const low = setting('all', { sensitivity: 'low', codes: ['mining', 'flood'] });
    assert.deepEqual(tuningOf([low]), {
      ...{ effort: { flood: 2 }, offBy: {} },
      set: [{ code: 'flood', sensitivity: 'low' }],
    });
  });
});
