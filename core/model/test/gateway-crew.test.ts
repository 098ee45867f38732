import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type CrewLimits, type CrewMember, crewSize } from '../src/index.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;
const crew = (busy: readonly (number | null)[], change: Partial<CrewMember> = {}): CrewMember[] =>
  busy.map((one) => ({ phase: 'up', busy: one, createdAt: new Date(NOW.getTime() - HOUR), ...change }));
const limits: CrewLimits = { perHost: 1, maxPerHost: 3 };

describe('how many gateways of a group a host runs', () => {
  const size = (members: CrewMember[], now = NOW) => crewSize(limits, members, now);

  it('is never outside of the limits', () => {
    assert.equal(size([]), 1);
    assert.equal(crewSize({ perHost: 2, maxPerHost: 2 }, crew([1]), NOW), 2);
    assert.equal(size(crew([0.9, 0.9, 0.9])), 3);
    assert.equal(size(crew([0, 0, 0, 0])), 3);
    assert.equal(size(crew([0])), 1);
  });

  it('rises by one when they are busy, and falls by one when the others could do the work with ease', () => {
    assert.equal(size(crew([0.85])), 2);
    assert.equal(size(crew([0.9, 0.75])), 3);
    assert.equal(size(crew([0.2, 0.25])), 1);
    assert.equal(size(crew([0.3, 0.3])), 2);
  });

  it('stays while one is on its way, lost or says nothing, and until the last change has shown what it brought', () => {
    for (const phase of ['starting', 'silent', 'failed', null] as const)
      assert.equal(size([...crew([0.9]), ...crew([0.9], { phase })]), 2);
    assert.equal(size(crew([null])), 1);
    assert.equal(size([...crew([1]), ...crew([1], { createdAt: new Date(NOW.getTime() - 60_000) })]), 2);
    assert.equal(size([...crew([0]), ...crew([0], { createdAt: new Date(NOW.getTime() - 300_000) })]), 2);
  });

  it('comes to rest under work that does not change, and never turns round', () => {
    const work = fc.double({ min: 0, max: 8, noNaN: true });
    const bounds = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }));
    fc.assert(
      fc.property(work, bounds, fc.integer({ min: 1, max: 8 }), (total, [one, other], first) => {
        const own = { perHost: Math.min(one, other), maxPerHost: Math.max(one, other) };
        const sizes = [Math.min(own.maxPerHost, Math.max(own.perHost, first))];
        for (let step = 0; step < 12; step++) {
          const count = sizes.at(-1)!;
          const share = Math.min(1, total / count);
          sizes.push(crewSize(own, crew(Array.from({ length: count }, () => share)), NOW));
        }
        assert.equal(sizes.at(-1), sizes.at(-2));
        const steps = sizes.slice(1).map((next, n) => Math.sign(next - sizes[n]!));
        assert.ok(!(steps.includes(1) && steps.includes(-1)), sizes.join(' '));
      }),
    );
  });
});
