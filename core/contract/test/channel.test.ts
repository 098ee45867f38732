import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EngineMessage, PlatformMessage } from '../src/index.ts';

const runs = Number(process.env['HV_FUZZ'] ?? 20_000) / 10;

test('whatever comes over the channel is parsed or refused, never thrown', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text);
      assert.equal(typeof EngineMessage.safeParse(value).success, 'boolean');
      assert.equal(typeof PlatformMessage.safeParse(value).success, 'boolean');
    }),
    { numRuns: runs },
  );
});

test('a message with the right type and wrong fields is refused by the field', () => {
  const types = ['hello', 'facts', 'inventory', 'vm', 'vm.gone', 'applied', 'intent.wanted', 'flows', 'health', 'task'];
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.dictionary(fc.string(), fc.jsonValue()), (type, rest) => {
      const parsed = EngineMessage.safeParse({ ...rest, type });
      if (!parsed.success) assert.ok(parsed.error.issues.every((issue) => issue.path.length > 0));
    }),
    { numRuns: runs },
  );
});
