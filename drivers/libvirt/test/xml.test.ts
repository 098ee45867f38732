import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LibvirtError, parseDomainXml, parseXml, writeDomainXml, writeXml } from '../src/index.ts';
import { FUZZ_RUNS } from './fuzz.ts';

/** Small, so that most random edits hit something; with one of everything. */
const domain = `<?xml version='1.0'?><domain type='kvm'><!-- c --><name>a&amp;b</name><memory unit='MiB'>1</memory>
  <metadata><hv:vm xmlns:hv="https://hypervigil.dev/xmlns/vm/1" tenant="t"/></metadata><description><![CDATA[<x>]]></description>
  <devices><interface type='bridge'><source bridge='b'/><driver><host csum='off'/></driver><mtu size='9'/></interface>
    <disk type='file'><target dev='vda' bus='virtio'/><readonly/></disk></devices></domain>`;

test('text that is not touched stays as it is', () => {
  for (const xml of [
    '<a/>',
    '<a />',
    '<a b = \'c\'\n d="e &quot; f" ></a >',
    '<?xml version="1.0"?>\n<!-- c -- or not --><a>\r\n<![CDATA[<&>]]>&#x41;&amp;</a>\n<!-- end -->\n',
    '<x:a xmlns:x="u"><x:b/>text<x:c>more</x:c></x:a>',
  ])
    assert.equal(writeXml(parseXml(xml)), xml);
});

test('values are decoded', () => {
  const { root } = parseXml("<a b='&lt;&#65;&#x42;&apos;'>x&amp;<![CDATA[&amp;]]></a>");
  assert.equal(root.attributes[0]?.value, "<AB'");
  assert.deepEqual(
    root.children.map((node) => node.kind === 'text' && node.value),
    ['x&', '&amp;'],
  );
});

test('what is malformed or hostile is refused', () => {
  const refused = [
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a/>text',
    '<a b=c/>',
    "<a b='1' b='2'/>",
    "<a b='<'/>",
    '<a>&unknown;</a>',
    '<a>&#0;</a>',
    '<a>&#xd800;</a>',
    '<a>&amp</a>',
    '<a>\u0000</a>',
    '<a><!-- </a>',
    '<a><![CDATA[</a>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a><!DOCTYPE a></a>',
    '<1a/>',
    '< a/>',
    `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`,
    `<a>${' '.repeat(4_194_304)}</a>`,
  ];
  for (const xml of refused) assert.throws(() => parseXml(xml), { code: 'bad-xml' }, xml.slice(0, 40));
});

test('work grows with the size of hostile text, not with its square', () => {
  const size = 500_000;
  for (const xml of [
    `<a${' '.repeat(size)}`,
    `<a ${'b'.repeat(size)}`,
    `<a b${' '.repeat(size)}`,
    `<a>${'&'.repeat(size)}`,
    `<a>${'<'.repeat(size)}`,
    `<a>${'<!--'.repeat(size / 4)}`,
    `<a>${']]'.repeat(size / 2)}`,
  ])
    assert.throws(() => parseXml(xml), { code: 'bad-xml' });
});

test('a damaged document is read, or refused with a typed error, and reads back the same', () => {
  const pieces = ['<', '>', '/', '&', ';', "'", '"', '<!--', '-->', '<![CDATA[', ']]>', '<?', ' ', '=', '\u0000', 'x'];
  const edit = fc.record({ at: fc.nat(domain.length), drop: fc.nat(30), put: fc.constantFrom('', ...pieces) });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      let xml = domain;
      for (const { at, drop, put } of edits) xml = xml.slice(0, at) + put + xml.slice(at + drop);
      try {
        assert.equal(writeXml(parseXml(xml)), xml);
        const model = parseDomainXml(xml);
        assert.equal(writeDomainXml(model), xml);
      } catch (error) {
        assert.ok(error instanceof LibvirtError, String(error));
      }
    }),
    { numRuns: FUZZ_RUNS },
  );
});

test('random text gives a tree or a typed error', () => {
  const token = fc.constantFrom(
    '<a>',
    '</a>',
    '<b/>',
    '<a b="c">',
    '<a ',
    "b='",
    "'",
    '&lt;',
    '&',
    '<!--',
    '-->',
    '<?',
    '?>',
    '<![CDATA[',
    ']]>',
    't',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
      const xml = tokens.join('');
      try {
        assert.equal(writeXml(parseXml(xml)), xml);
      } catch (error) {
        assert.ok(error instanceof LibvirtError, String(error));
      }
    }),
    { numRuns: FUZZ_RUNS },
  );
});

test('any value that XML can carry survives a change', () => {
  const value = fc
    .string({ unit: 'grapheme' })
    .filter(
      (text) =>
        text === text.trim() && !/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text) && text !== '',
    );
  fc.assert(
    fc.property(value, (text) => {
      const changed = { ...parseDomainXml(domain), title: text, vm: { tenant: text } };
      const read = parseDomainXml(writeDomainXml(changed));
      assert.equal(read.title, text);
      assert.equal(read.vm?.tenant, text);
    }),
    { numRuns: 500 },
  );
});
