import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { documentJsonSchema, exportDocument, mistakeText, readDocument, writeDocument } from '../src/index.ts';
import { fuzz, policyState, runs } from './states.ts';

const HEAD = 'apiVersion: hypervigil/v1\nkind: PolicySet\n';

/** A document as somebody wrote it once. It must be readable for ever: what the model gains has a default here. */
const WRITTEN = `# three tiers
apiVersion: hypervigil/v1
kind: PolicySet
groups:
  - name: web
    tenant: acme
    selector: { tier: web }
  - { name: db, vms: [db-1, db-2] }
policies:
  - name: three tiers
    tier: tenant
    tenant: acme
    order: 100
    rules:
      - name: web asks the database
        action: allow
        from: { groups: [web] }
        to: { groups: [db], cidrs: [2001:db8::/32, 10.0.0.9, 10.0.0.0/30] }
        services:
          - { protocol: tcp, ports: [5432, 6000-6010] }
          - { protocol: icmp, type: 8 }
        log: true
      - { name: nobody else, action: deny, to: { groups: [db] } }
`;

const CANONICAL = `apiVersion: hypervigil/v1
kind: PolicySet
groups:
  - name: db
    vms: [db-1, db-2]
  - name: web
    tenant: acme
    selector: tier=web
policies:
  - name: three tiers
    tier: tenant
    tenant: acme
    order: 100
    rules:
      - name: web asks the database
        action: allow
        from: { groups: [web] }
        to: { groups: [db], cidrs: [10.0.0.0/30, 10.0.0.9, 2001:db8::/32] }
        services:
          - { protocol: tcp, ports: [5432, 6000-6010] }
          - { protocol: icmp, type: 8 }
        log: true
      - name: nobody else
        action: deny
        to: { groups: [db] }
`;

test('a document that people wrote has one canonical form', () => {
  const read = readDocument(WRITTEN);
  assert.ok(read.ok);
  assert.equal(writeDocument(read.value.document), CANONICAL);
});

test('what was written is what is read', () => {
  fc.assert(
    fc.property(policyState, (state) => {
      const document = exportDocument(state);
      const read = readDocument(writeDocument(document));
      assert.ok(read.ok, JSON.stringify(read));
      assert.deepEqual(read.value.document, document);
    }),
    runs(50),
  );
});

/** A mistake as `line:column field code`. */
function mistakes(text: string): string[] {
  const read = readDocument(text);
  return read.ok ? [] : read.mistakes.map(({ line, column, field, code }) => `${line}:${column} ${field} ${code}`);
}

test('every mistake says its line, its field and what is wrong', () => {
  const wrong = WRITTEN.replace('action: allow', 'action: alow')
    .replace('log: true', 'lgo: true')
    .replace('order: 100', 'order: first')
    .replace('6000-6010', '70000')
    .replace('10.0.0.9', '10.0.0.999');
  assert.deepEqual(mistakes(wrong), [
    '13:5 policies.0.order wrong-type',
    '16:9 policies.0.rules.0.action not-one-of',
    '18:52 policies.0.rules.0.to.cidrs.1 wrong-format',
    '20:44 policies.0.rules.0.services.0.ports.1 too-high',
    '22:9 policies.0.rules.0.lgo unknown-field',
  ]);
  assert.deepEqual(mistakes(`${HEAD}policies:\n  - name: p\n    order: 1\n`), ['4:5 policies.0.tier missing']);
  assert.deepEqual(mistakes(`${HEAD}groups:\n  - name: a\n  - name: b\n  - name: a\n`), [
    '6:5 groups.2.name name-taken',
  ]);
  assert.deepEqual(mistakes('apiVersion: v1\nkind: Pod\n'), ['1:1 apiVersion not-a-policy-set']);
  assert.deepEqual(mistakes(`${HEAD}groups: []\ngroups: []\n`), ['4:1  key-twice']);
  assert.deepEqual(mistakes(`${HEAD}groups: [\n`), ['4:1  not-yaml']);
  assert.deepEqual(mistakes(`${HEAD}---\n${HEAD}`), ['4:1  one-document']);
  assert.deepEqual(mistakes(''), ['1:1  one-document']);
});

test('what makes a small file large is refused', () => {
  assert.deepEqual(mistakes('a: &x [1]\nb: *x\n'), ['1:4  no-anchors']);
  assert.deepEqual(mistakes('a: !!binary aGk=\n'), ['1:4  no-tags']);
  assert.deepEqual(mistakes('['.repeat(1_000_000)), ['1:33  too-deep']);
  assert.deepEqual(mistakes('- '.repeat(1_000_000)), ['1:64  too-deep']);
  assert.deepEqual(mistakes(' '.repeat(4 * 1024 * 1024 + 1)), ['1:1  file-too-large']);
  assert.deepEqual(mistakes(`"&a": "*b"\nc: |\n  !d\n`), ['1:1 apiVersion not-a-policy-set'], 'text is only text');
});

test('every mistake has its sentence in both languages', () => {
  const texts = ['', 'a: &x 1', 'a: !t 1', '['.repeat(99), 'a: [', 'a: 1\na: 1', 'a: 1', WRITTEN.replace('allow', 'x')];
  for (const text of texts) {
    const read = readDocument(text);
    assert.ok(!read.ok);
    for (const mistake of read.mistakes) {
      assert.match(mistakeText('zh', mistake), /\p{Script=Han}/u);
      assert.match(mistakeText('en', mistake), /^[^\p{Script=Han}]{10,}$/u);
    }
  }
});

/** Every name of a property anywhere in a JSON Schema. */
function properties(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(properties);
  if (typeof schema !== 'object' || schema === null) return [];
  const own = Object.keys((schema as { properties?: object }).properties ?? {});
  return [...own, ...Object.values(schema).flatMap(properties)];
}

test('whatever the model gains, a document names no ids and knows nothing of what the platform alone gives', () => {
  const names = properties(documentJsonSchema());
  assert.ok(names.includes('tenant') && names.includes('groups') && names.includes('vms'));
  const ids = names.filter((name) => /^id$|Ids?$|^(num|revision|changedAt)$/.test(name));
  assert.deepEqual(ids, []);
});

test('whatever a file holds, it is read or refused', () => {
  const bits = [
    '- ',
    ': ',
    '\n',
    '  ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>',
    '#',
    '&a',
    '*a',
    '!t',
    '---',
    '? ',
    ',',
  ];
  const words = [
    'apiVersion',
    'hypervigil/v1',
    'kind',
    'PolicySet',
    'groups',
    'policies',
    'rules',
    'name',
    '443',
    'null',
  ];
  const noise = fc.array(fc.oneof(fc.constantFrom(...bits, ...words), fc.string({ maxLength: 5 })), { maxLength: 60 });
  fc.assert(
    fc.property(
      fc.oneof(
        noise.map((parts) => parts.join('')),
        noise.map((parts) => HEAD + parts.join('')),
        fc
          .tuple(fc.nat(WRITTEN.length), noise)
          .map(([at, parts]) => WRITTEN.slice(0, at) + parts.join('') + WRITTEN.slice(at)),
      ),
      (text) => {
        const read = readDocument(text);
        if (read.ok) return;
        assert.ok(read.mistakes.length > 0);
        for (const { line, column } of read.mistakes) assert.ok(line >= 1 && column >= 1);
      },
    ),
    fuzz(0.1),
  );
});
