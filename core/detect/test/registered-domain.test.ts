import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { partName } from '../src/registered-domain.ts';

describe('who has registered a name', () => {
  for (const [name, domain, before] of [
    ['www.example.com', 'example.com', ['www']],
    ['a.b.Example.COM.', 'example.com', ['a', 'b']],
    ['shop.example.co.uk', 'example.co.uk', ['shop']],
    ['www.example.com.cn', 'example.com.cn', ['www']],
    ['example.de', 'example.de', []],
  ] as const)
    it(`is ${domain} of ${name}`, () => assert.deepEqual(partName(name), { domain, before }));

  for (const name of ['localhost', '10.1.2.3', '4.3.2.1.in-addr.arpa', 'co.uk', 'a..example', '.', ''])
    it(`is nobody of "${name}"`, () => assert.equal(partName(name), undefined));

  it('loses no label of any name', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (name) => {
        const parted = partName(name);
        if (parted === undefined) return;
        assert.equal([...parted.before, parted.domain].join('.'), name.toLowerCase().replace(/\.$/, ''));
      }),
    );
  });
});
