import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allOfTags, parseSelector, printSelector, SELECTOR_DEPTH, SELECTOR_LENGTH, selects } from '@hypervigil/model';
import fc from 'fast-check';
import { anchorsOf } from '../src/anchors.ts';
import { runs, selector } from '../src/testing/index.ts';

const fuzz = { numRuns: Number(process.env['HV_FUZZ'] ?? 20_000) };
const canonical = (text: string): string => {
  const parsed = parseSelector(text);
  return 'selector' in parsed ? printSelector(parsed.selector) : JSON.stringify(parsed.mistake);
};
const tags = fc.dictionary(fc.constantFrom('role', 'env', 'x y'), fc.constantFrom('web', 'db', 'prod', 'test', ''));

test('what people type, and the one text of it', () => {
  for (const [text, expected] of [
    ['', ''],
    ['  ', ''],
    ['app = web', 'app=web'],
    ['app=web AND NOT (env=test OR env)', 'app=web and not (env=test or env)'],
    ['((a)) and (b and c) or (d or e)', 'a and b and c or d or e'],
    ['(a or b) and c', '(a or b) and c'],
    ['not not a', 'a'],
    ['not (not (a and b))', 'a and b'],
    ['"app"="web server"', 'app="web server"'],
    ['a="" and "and"="not"', 'a="" and "and"="not"'],
    [String.raw`"a\"b"="c\\"`, String.raw`"a\"b"="c\\"`],
    ['kubernetes.io/name=x:1@y+z', 'kubernetes.io/name=x:1@y+z'],
    ['角色=数据库', '角色=数据库'],
  ] as const)
    assert.equal(canonical(text), expected, text);
});

test('a mistake is told with its place and what should be there', () => {
  const at = (text: string) => {
    const parsed = parseSelector(text);
    assert.ok('mistake' in parsed, text);
    return Object.values(parsed.mistake.params).join(' ');
  };
  for (const [text, where] of [
    ['app=', '5 value'],
    ['app==web', '5 value'],
    ['app=web env=prod', '9 operator'],
    ['app=web and', '12 term'],
    ['and', '1 term'],
    ['a or (b', '8 operator-or-close'],
    ['a)', '2 operator'],
    ['()', '2 term'],
    ['a!=b', '2 operator'],
    ['a, b', '2 operator'],
    ['a && b', '3 operator'],
    ['""', '1 term'],
    ['a="b', '5 end-quote'],
    [String.raw`"a\n"`, '3 end-quote'],
    [`${'('.repeat(SELECTOR_DEPTH + 1)}a`, `${SELECTOR_DEPTH + 2} ${SELECTOR_DEPTH}`],
    ['a'.repeat(SELECTOR_LENGTH + 1), `${SELECTOR_LENGTH}`],
  ] as const)
    assert.equal(at(text), where, text.slice(0, 40));
});

test('its text is read as the selector that it is of', () => {
  fc.assert(
    fc.property(selector, (one) => {
      const text = printSelector(one);
      assert.equal(canonical(text), text);
      assert.deepEqual(parseSelector(text), { selector: one });
    }),
    runs(2000),
  );
});

test('tags of whatever characters can be asked for', () => {
  const anything = fc.dictionary(fc.string({ minLength: 1, unit: 'binary' }), fc.string({ unit: 'binary' }), {
    minKeys: 1,
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(anything, (some) => {
      const parsed = parseSelector(printSelector(allOfTags(some)));
      assert.ok('selector' in parsed && parsed.selector);
      assert.ok(selects(parsed.selector, some));
      for (const key of Object.keys(some)) {
        const { [key]: _, ...others } = some;
        assert.ok(!selects(parsed.selector, others));
      }
    }),
    runs(1000),
  );
});

test('hostile text is refused in its own words or read, and what is read reads the same again', () => {
  const soup = fc
    .array(
      fc.constantFrom(
        'a',
        'b=1',
        'and',
        'or',
        'not',
        '(',
        ')',
        '=',
        '"',
        '\\',
        ' ',
        '!',
        'é',
        '\u0000',
        '\ud800',
        '('.repeat(9),
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 60 })), (text) => {
      const parsed = parseSelector(text);
      if ('mistake' in parsed) {
        if ('at' in parsed.mistake.params) assert.ok(parsed.mistake.params.at <= text.length + 1);
      } else assert.deepEqual(parseSelector(printSelector(parsed.selector)), parsed);
    }),
    fuzz,
  );
});

test('whoever a selector finds has one of its anchors', () => {
  fc.assert(
    fc.property(selector, tags, (one, some) => {
      const anchors = anchorsOf(one);
      if (anchors === null || !selects(one, some)) return;
      assert.ok(
        anchors.some(({ key, value }) => Object.hasOwn(some, key) && (value === null || some[key] === value)),
        printSelector(one),
      );
    }),
    runs(3000),
  );
});
