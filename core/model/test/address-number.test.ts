import assert from 'node:assert/strict';
import { isIP, isIPv6 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressToNumber, numberToAddress, parseAddressRange } from '../src/index.ts';

test('text and number of an address are one to one', () => {
  fc.assert(fc.property(fc.ipV4(), (ip) => numberToAddress(addressToNumber(ip)!) === ip));
  fc.assert(
    fc.property(fc.bigInt(0n, (1n << 128n) - 1n), (value) => {
      const text = numberToAddress(value);
      return addressToNumber(text) === value && (isIPv6(text) || value >> 32n === 0xffffn);
    }),
  );
});

test('addresses with zeros are written as RFC 5952 asks', () => {
  // Each group zero with probability one half, so that runs of all lengths and places come.
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const value = groups.reduce((sum, part) => (sum << 16n) + BigInt(part), 0n);
      if (value >> 32n === 0xffffn) return;
      const hex = groups.map((part) => part.toString(16)).join(':');
      // The platform's URL parser writes IPv6 hosts as RFC 5952 asks.
      assert.equal(`[${numberToAddress(value)}]`, new URL(`http://[${hex}]`).hostname);
    }),
  );
});

test('ranges', () => {
  const range = (text: string) => {
    const found = parseAddressRange(text);
    return found && [numberToAddress(found.low), numberToAddress(found.high)];
  };
  assert.deepEqual(range('10.1.2.3/8'), ['10.0.0.0', '10.255.255.255']);
  assert.deepEqual(range('10.1.'), ['10.1.0.0', '10.1.255.255']);
  assert.deepEqual(range('fd00:1:'), ['fd00:1::', 'fd00:1:ffff:ffff:ffff:ffff:ffff:ffff']);
  assert.deepEqual(range('::/0'), ['::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']);
  for (const text of ['', '10', '10.1', '10.0.0.0/33', '::/129', 'vm', '1.2.3.4.', '256.'])
    assert.equal(range(text), null);
});

test('what is an address is what Node.js calls one, whatever comes', () => {
  const part = fc.constantFrom('0', '1', '255', '256', '01', 'f', 'ffff', 'g', '.', ':', '::', '1.2.3.4');
  const parts = fc.array(part, { maxLength: 16 }).map((some) => some.join(''));
  const zone = fc.string({ unit: fc.constantFrom(...'%e0.:-_'), maxLength: 80 });
  const text = fc.oneof(
    parts,
    fc.tuple(fc.oneof(parts, fc.ipV6()), zone).map(([address, one]) => `${address}%${one}`),
    fc.ipV6(),
    fc.string(),
  );
  fc.assert(
    fc.property(text, (one) => {
      assert.equal(addressToNumber(one) !== null, isIP(one) !== 0);
    }),
    { numRuns: 10_000 },
  );
});
