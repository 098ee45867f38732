import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalBlock, contains, mergeBlocks } from '../src/address.ts';
import { formatBlock, linkLocal, parseBlock } from '../src/index.ts';
import { runs } from '../src/testing/index.ts';

const address = fc.oneof(fc.ipV4(), fc.ipV6());

test('canonical IPv6 text is that of RFC 5952', () => {
  for (const [text, canonical] of [
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['2001:db8::ff/32', '2001:db8::/32'],
    ['::/0', '::/0'],
  ] as const)
    assert.equal(canonicalBlock(text), canonical);
});

test('what is no address is not read', () => {
  for (const text of [
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.1/33',
    '1::2::3',
    ':::',
    '1:2:3:4:5:6:7',
    '::/129',
    'g::',
    '10.0.0.1/',
  ])
    assert.equal(parseBlock(text), undefined, text);
});

test('canonical text reads as the same address', () => {
  fc.assert(
    fc.property(address, (text) => {
      const block = parseBlock(text);
      assert.ok(block, text);
      assert.deepEqual(parseBlock(formatBlock(block)), block);
    }),
    runs(1000),
  );
});

const block = fc
  .tuple(fc.constantFrom(4, 6) as fc.Arbitrary<4 | 6>, fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 8 }))
  .map(([family, host, free]) => {
    const text = family === 4 ? `10.0.0.${host}/${32 - free}` : `2001:db8::${host.toString(16)}/${128 - free}`;
    return parseBlock(text)!;
  });

test('merged blocks cover what the blocks covered, and no two of them overlap or join', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 20 }), (blocks) => {
      const merged = mergeBlocks(blocks);
      const list = new BlockList();
      for (const { family, ...one } of blocks)
        list.addSubnet(formatBlock({ family, ...one }).split('/')[0]!, one.prefix, family === 4 ? 'ipv4' : 'ipv6');
      for (let host = 0; host < 256; host++)
        for (const text of [`10.0.0.${host}`, `2001:db8::${host.toString(16)}`]) {
          const point = parseBlock(text)!;
          const covered = list.check(text, point.family === 4 ? 'ipv4' : 'ipv6');
          assert.equal(merged.filter((one) => contains(one, point)).length, covered ? 1 : 0, text);
        }
      assert.deepEqual(mergeBlocks(merged.toReversed()), merged);
    }),
    runs(200),
  );
});

test('a link-local address is made as RFC 4291 says', () => {
  assert.equal(linkLocal('52:54:00:12:34:56'), 'fe80::5054:ff:fe12:3456');
});
