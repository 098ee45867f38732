import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bits, numbersIn } from '../src/analysis/bits.ts';
import { type Box, createPacketSpace, NOTHING, type PacketSet } from '../src/analysis/packet-set.ts';
import { createServiceSpace, placeOf } from '../src/analysis/service-set.ts';
import { PROTOCOL } from '../src/packet.ts';
import { runs } from '../src/testing/index.ts';

/** Five classes on each side and six ports: small enough to name every packet. */
const CLASSES = 5;
const PORTS = 6;
const FIRST = placeOf(4, { protocol: PROTOCOL.tcp, port: 0 });

const services = createServiceSpace();
const portsOf = (ports: readonly number[]) =>
  ports
    .map((port) =>
      services.of([{ family: 'ipv4', protocol: PROTOCOL.tcp, ports: { first: port, last: port }, icmp: null }]),
    )
    .reduce(services.union, services.none);

const bits = fc.bigInt({ min: 0n, max: (1n << BigInt(CLASSES)) - 1n });
const box: fc.Arbitrary<Box> = fc.record({
  src: bits,
  dst: bits,
  services: fc.subarray(Array.from({ length: PORTS }, (_, n) => n)).map(portsOf),
});
const boxes = fc.array(box, { maxLength: 6 });

/** Every packet of a set by its name. */
function packets(set: Iterable<Box>): Set<string> {
  const names = new Set<string>();
  for (const { src, dst, services: some } of set)
    for (const from of numbersIn(src))
      for (const to of numbersIn(dst))
        for (let port = 0; port < PORTS; port++)
          if (some.edges.filter((edge) => edge <= FIRST + port).length % 2 === 1) names.add(`${from} ${to} ${port}`);
  return names;
}

const space = createPacketSpace(services, 0n);
const setOf = (some: readonly Box[]): PacketSet => some.map(space.box).reduce(space.union, NOTHING);
const named = (set: PacketSet) => packets(space.boxes(set));

test('union, intersection and difference are those of the packets', () => {
  fc.assert(
    fc.property(boxes, boxes, (a, b) => {
      const [left, right] = [setOf(a), setOf(b)];
      const [inLeft, inRight] = [packets(a), packets(b)];
      assert.deepEqual(named(left), inLeft);
      assert.deepEqual(named(space.union(left, right)), inLeft.union(inRight));
      assert.deepEqual(named(space.intersection(left, right)), inLeft.intersection(inRight));
      assert.deepEqual(named(space.difference(left, right)), inLeft.difference(inRight));
      assert.equal(space.isEmpty(left), inLeft.size === 0);
    }),
    runs(1500),
  );
});

test('equal sets have equal rows, however they came about', () => {
  const inOrder = (set: PacketSet) => set.toSorted((a, b) => (a.src < b.src ? -1 : 1));
  fc.assert(
    fc.property(boxes, boxes, (a, b) => {
      const [left, right] = [setOf(a), setOf(b)];
      const apart = space.union(space.difference(left, right), space.intersection(right, left));
      assert.deepEqual(inOrder(apart), inOrder(left));
    }),
    runs(500),
  );
});

test('what is taken from a set and added to it one after the other comes to the same', () => {
  const { cells } = space;
  const ofOne = (some: readonly Box[]) => setOf(some.map((one) => ({ ...one, src: 1n })))[0]?.to ?? cells.none;
  const step = fc.record({ how: fc.constantFrom('take', 'add', 'shared', 'copy'), some: boxes });
  fc.assert(
    fc.property(boxes, fc.array(step, { maxLength: 8 }), (first, steps) => {
      let is = ofOne(first);
      let changing = cells.changing(is);
      for (const { how, some } of steps) {
        const other = ofOne(some);
        const both = cells.difference(is, cells.difference(is, other));
        const before = changing;
        if (how === 'copy') {
          changing = before.copy();
          before.take(before.now());
        } else if (how === 'shared') assert.equal(changing.shared(other), both);
        else if (how === 'take') {
          assert.equal(changing.take(other), both);
          is = cells.difference(is, other);
        } else {
          changing.add(other);
          is = cells.union(is, other);
        }
        assert.equal(changing.now(), is);
      }
    }),
    runs(1000),
  );
});

test('boxes of a set are apart from each other', () => {
  fc.assert(
    fc.property(boxes, (some) => {
      const found = [...space.boxes(setOf(some))];
      const sizes = found.map((one) => packets([one]).size);
      assert.equal(
        sizes.reduce((sum, size) => sum + size, 0),
        packets(some).size,
      );
    }),
    runs(300),
  );
});

test('nobody sends packets to its own address', () => {
  const single: Bits = 0b00101n;
  const withSingles = createPacketSpace(services, single);
  fc.assert(
    fc.property(boxes, (some) => {
      const set = some.map(withSingles.box).reduce(withSingles.union, NOTHING);
      const possible = [...packets(some)].filter((name) => !/^(0 0|2 2) /.test(name));
      assert.equal(withSingles.isEmpty(set), possible.length === 0);
    }),
    runs(500),
  );
});
