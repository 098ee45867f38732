import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bound } from '../src/clickhouse/literal.ts';

const RUNS = Number(process.env['HV_FUZZ'] ?? 20_000);
const param = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.bigInt());

test('of a parameter nothing but digits comes into a statement, and all of it', () => {
  fc.assert(
    fc.property(fc.array(param, { maxLength: 5 }), (params) => {
      const sql = bound({ sql: `[${params.map(() => '?').join('|')}]`, params });
      const literals = params.length === 0 ? [] : sql.slice(1, -1).split('|');
      assert.equal(literals.length, params.length);
      for (const [n, literal] of literals.entries()) {
        const given = params[n]!;
        const digits = /^unhex\('([0-9a-f]*)'\)$/.exec(literal)?.[1];
        if (typeof given === 'string')
          assert.equal(Buffer.from(digits!, 'hex').toString(), Buffer.from(given).toString());
        else {
          assert.match(literal, /^(?:\d+|\(-\d+\))$/);
          assert.equal(BigInt(literal.replace(/[()]/g, '')), BigInt(given));
        }
      }
    }),
    { numRuns: RUNS },
  );
});

test('a parameter that is no whole number, or has no place, is refused', () => {
  for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])
    assert.throws(() => bound({ sql: '?', params: [value] }), RangeError);
  assert.throws(() => bound({ sql: '? ?', params: [1] }));
  assert.throws(() => bound({ sql: '', params: ['x'] }));
});
