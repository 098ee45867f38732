import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addressBlocks,
  type Block,
  contains,
  createAddressLookup,
  formatBlock,
  inAddressSet,
  listMistakes,
  parseBlock,
} from '../src/index.ts';
import { blockCount, blocksOf, isWithin, parseRange, rangeOf, subtractRanges, uniteRanges } from '../src/ranges.ts';
import { runs } from '../src/testing/index.ts';

/** Sixteen addresses of each version: every list of ranges over them can be looked at address by address. */
const WORLD = { 4: (n: number) => `192.0.2.${n}`, 6: (n: number) => `2001:db8::${n.toString(16)}` } as const;
const POINTS = Array.from({ length: 16 }, (_, n) => n);

const entry = fc.oneof(
  fc.record({ at: fc.nat(15), to: fc.nat(15), six: fc.boolean() }).map(({ at, to, six }) => {
    const name = WORLD[six ? 6 : 4];
    return `${name(Math.min(at, to))}-${name(Math.max(at, to))}`;
  }),
  fc.record({ at: fc.nat(15), host: fc.nat(4), six: fc.boolean() }).map(({ at, host, six }) => {
    return `${WORLD[six ? 6 : 4](at)}/${(six ? 128 : 32) - host}`;
  }),
  fc.record({ at: fc.nat(15), six: fc.boolean() }).map(({ at, six }) => WORLD[six ? 6 : 4](at)),
  fc.constantFrom('0.0.0.0/0', '::/0', '192.0.2.0/28', '2001:db8::/124'),
);
const list = fc.record({ entries: fc.array(entry, { maxLength: 6 }), excluded: fc.array(entry, { maxLength: 4 }) });

test('the blocks of a list hold exactly its addresses, none twice', () => {
  fc.assert(
    fc.property(list, (one) => {
      const blocks = addressBlocks(one);
      const ranges = uniteRanges(blocks.map(rangeOf));
      for (const family of [4, 6] as const)
        for (const n of [...POINTS, 200]) {
          const address = WORLD[family](n);
          const { bits } = parseBlock(address)!;
          assert.equal(isWithin(ranges, family, bits), inAddressSet(one, address), address);
          const holders = blocks.filter((block) => contains(block, parseBlock(address)!));
          assert.equal(holders.length, inAddressSet(one, address) ? 1 : 0, `${address} in ${blocks.map(formatBlock)}`);
        }
    }),
    runs(1000),
  );
});

test('a lookup finds exactly the addresses of a list', () => {
  fc.assert(
    fc.property(list, (one) => {
      const has = createAddressLookup(one);
      for (const name of [WORLD[4], WORLD[6]])
        for (const n of [...POINTS, 200]) assert.equal(has(name(n)), inAddressSet(one, name(n)), name(n));
      assert.equal(has('192.0.2.300') || has('') || has('no address'), false);
    }),
    runs(1000),
  );
});

test('all of IPv4 as numbers comes to what it comes to as BigInts', () => {
  const address = fc
    .oneof(fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1), fc.nat(2 ** 32 - 1), fc.nat(300))
    .map((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.'));
  const any = fc.oneof(
    address,
    fc.tuple(address, fc.nat(32)).map(([from, prefix]) => `${from}/${prefix}`),
    fc.tuple(address, address).map(([a, b]) => `${a} - ${b}`),
    fc.tuple(address, address).map(([a, b]) => ` ${b}-${a}`),
    fc.constantFrom('256.0.0.1', '1.2.3', '01.2.3.4', ''),
  );
  const some = fc.array(any, { maxLength: 30 });
  const rangesOf = (texts: readonly string[]) =>
    uniteRanges(texts.map(parseRange).filter((range) => typeof range === 'object'));
  fc.assert(
    fc.property(some, some, (entries, excluded) => {
      const expected = subtractRanges(rangesOf(entries), rangesOf(excluded)).flatMap(blocksOf);
      assert.deepEqual(addressBlocks({ entries, excluded }), expected);
    }),
    runs(1000),
  );
});

test('no fewer blocks would do', () => {
  // Of disjoint blocks in order, two can be one only where they are the halves of a block.
  const areHalves = (a: Block, b: Block) => {
    const width = a.family === 4 ? 32 : 128;
    return (
      a.family === b.family &&
      a.prefix === b.prefix &&
      a.prefix > 0 &&
      contains(
        { ...a, prefix: a.prefix - 1, bits: (a.bits >> BigInt(width - a.prefix + 1)) << BigInt(width - a.prefix + 1) },
        b,
      )
    );
  };
  fc.assert(
    fc.property(list, (one) => {
      const blocks = addressBlocks(one);
      for (const [i, block] of blocks.slice(1).entries()) assert(!areHalves(blocks[i]!, block));
    }),
    runs(1000),
  );
});

test('how many blocks a range is, without making them', () => {
  const ends = fc
    .tuple(fc.nat(0xffff), fc.nat(0xffff))
    .map(([a, b]) => [BigInt(Math.min(a, b)), BigInt(Math.max(a, b))]);
  fc.assert(
    fc.property(ends, ([first, last]) => {
      const range = { family: 4, first: first!, last: last! } as const;
      assert.equal(blockCount(range), blocksOf(range).length);
    }),
    runs(1000),
  );
});

test('everything but three neighbouring blocks is few blocks', () => {
  const but = (...excluded: string[]) => addressBlocks({ entries: ['0.0.0.0/0'], excluded }).length;
  assert.equal(but('192.168.0.0/24', '192.168.1.0/24', '192.168.2.0/24'), 23);
  assert.equal(but('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'), 31);
});

test('an entry that is none is told by its place', () => {
  const lists = {
    entries: ['10.0.0.0/8', '10.0.0.0/33', '10.0.0.9-10.0.0.5', '10.0.0.1 - 10.0.0.3'],
    excluded: ['10.0.0.1-2001:db8::1', '10.0.0.0/24-10.0.1.0', ''],
  };
  assert.deepEqual(
    listMistakes(lists, 10).map(({ field, code }) => `${field} ${code}`),
    [
      'entries.1 wrong-format',
      'entries.2 range-backwards',
      'excluded.0 range-of-two-families',
      'excluded.1 wrong-format',
      'excluded.2 wrong-format',
    ],
  );
  assert.equal(listMistakes(lists, 2).length, 2);
});
