import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeListing, differenceOf, NftError } from '../src/index.ts';

const runs = Number(process.env['HV_FUZZ'] ?? 20_000);

/** As nft 1.0.6 prints it. */
const LISTING = JSON.stringify({
  nftables: [
    { metainfo: { version: '1.0.6', release_name: 'Lester Gooch #5', json_schema_version: 1 } },
    { table: { family: 'inet', name: 't', handle: 2 } },
    { counter: { family: 'inet', name: 'c', table: 't', handle: 4, packets: 7, bytes: 9 } },
    { chain: { family: 'inet', table: 't', name: 'input', handle: 5 } },
    { rule: { family: 'inet', table: 't', chain: 'input', handle: 8, expr: [{ counter: 'c' }, { accept: null }] } },
    { rule: { family: 'inet', table: 't', chain: 'input', handle: 9, expr: [{ drop: null }] } },
  ],
});
const change = (edit: (objects: Record<string, Record<string, unknown>>[]) => unknown): string => {
  const listing = JSON.parse(LISTING) as { nftables: Record<string, Record<string, unknown>>[] };
  edit(listing.nftables);
  return JSON.stringify(listing);
};
const difference = (text: string) => differenceOf(decodeListing(LISTING), decodeListing(text));

test('counters are read by name, and what moves by itself makes no difference', () => {
  assert.deepEqual([...decodeListing(LISTING).counters], [['c', { packets: 7, bytes: 9 }]]);
  const moved = change((objects) => {
    objects[2]!['counter']!['packets'] = 8;
    for (const object of objects) for (const value of Object.values(object)) value['handle'] = 77;
  });
  assert.equal(difference(moved), undefined);
});

test('a removed rule is missing, a new one is foreign, a changed one is both', () => {
  const without = difference(change((objects) => objects.splice(5, 1)));
  assert.match(without?.missing[0] ?? '', /drop/);
  assert.deepEqual(without?.foreign, []);
  const more = difference(change((objects) => objects.push(structuredClone(objects[4]!))));
  assert.deepEqual([more?.missing, more?.foreign.length], [[], 1]);
  const other = difference(change((objects) => objects.splice(5, 1, { rule: { expr: [{ accept: null }] } })));
  assert.deepEqual([other?.missing.length, other?.foreign.length], [1, 1]);
});

test('rules in another order decide otherwise', () => {
  const turned = difference(change((objects) => objects.push(...objects.splice(4, 1))));
  assert.deepEqual(turned, { missing: [], foreign: [], isReordered: true });
});

test('no text makes the decoder do more than say that it is none', () => {
  const read = (text: string): void => {
    try {
      decodeListing(text);
    } catch (error) {
      assert.ok(error instanceof NftError && error.code === 'bad-output', String(error));
    }
  };
  read('['.repeat(1000) + ']'.repeat(1000));
  read(`{"nftables":[{"x":${'['.repeat(5000)}${']'.repeat(5000)}}]}`);
  fc.assert(fc.property(fc.string(), read), { numRuns: runs });
  fc.assert(
    fc.property(fc.json(), (json) => read(`{"nftables":[{"counter":${json}},${json}]}`)),
    { numRuns: runs },
  );
  fc.assert(
    fc.property(fc.nat(LISTING.length - 1), fc.string({ maxLength: 3 }), (at, text) =>
      read(LISTING.slice(0, at) + text + LISTING.slice(at + 1)),
    ),
    { numRuns: runs },
  );
});
