import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ATTACKS } from '../attacks/all.ts';
import { rowText } from '../src/commands.ts';
import { chooseAttacks, isWell } from '../src/verify.ts';

test('every attack has an id of its own and says what it proves', () => {
  assert.equal(new Set(ATTACKS.map((a) => a.id)).size, ATTACKS.length);
  for (const attack of ATTACKS) {
    assert.match(attack.id, /^[a-z0-9-]+$/);
    assert.ok(attack.title.length > 10 && attack.protects.length > 3, attack.id);
  }
});

test('attacks are chosen by id, and those on rules only where rules can be changed', () => {
  assert.deepEqual(
    chooseAttacks(['arp-spoof'], false).map((a) => a.id),
    ['arp-spoof'],
  );
  assert.equal(chooseAttacks(undefined, true).length, ATTACKS.length);
  assert.equal(chooseAttacks(undefined, false).length, ATTACKS.filter((a) => !a.needsPolicy).length);
  assert.throws(() => chooseAttacks(['nothing'], true), { code: 'LAB_USAGE' });
});

test('a row shows both outcomes and what was seen', () => {
  const base = { id: 'x', title: 't', protects: 'p' };
  const off = { outcome: 'succeeded', evidence: 'seen' } as const;
  const on = { outcome: 'stopped', evidence: 'not seen' } as const;
  assert.match(
    rowText({ ...base, off, on, pass: true }),
    /^✓ x +off: succeeded {2}on: stopped {2}\(seen \/ not seen\)$/,
  );
  assert.match(rowText({ ...base, off, on: null, pass: true }), /nothing to switch on/);
  const away = { outcome: 'not-run', evidence: 'no Suricata' } as const;
  assert.match(rowText({ ...base, off: away, on: null, pass: null }), /^– x +not run: no Suricata$/);
});

test('an attack that was not run counts for nothing, and none that was run is no success', () => {
  const row = (pass: boolean | null) => ({
    ...{ id: 'x', title: 't', protects: 'p', on: null, pass },
    off: { outcome: pass === null ? ('not-run' as const) : ('succeeded' as const), evidence: '' },
  });
  assert.equal(isWell([row(true), row(null)]), true);
  assert.equal(isWell([row(null)]), false);
  assert.equal(isWell([row(true), row(null), row(false)]), false);
});
