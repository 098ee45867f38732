import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSync } from 'oxc-parser';
import { en } from '../src/i18n/en.ts';
import { zhCN } from '../src/i18n/zh-CN.ts';

const SRC = join(import.meta.dirname, '../src');

function flat(messages: object, path = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(messages)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') all.set(here, value);
    else for (const [k, v] of flat(value as object, here)) all.set(k, v);
  }
  return all;
}
const english = flat(en);
const chinese = flat(zhCN);
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/i18n\/(en|zh-CN)[./]/.test(name))
  .map((name) => ({ name, text: readFileSync(join(SRC, name), 'utf8') }));

test('both languages have every key, and the same values to fill in', () => {
  const expected = [...english.keys()].filter((key) => !key.endsWith('_one'));
  assert.deepEqual([...chinese.keys()].sort(), expected.sort());
  const holes = (text: string) => [...new Set(text.match(/\{\{\w+(, number)?\}\}/g) ?? [])].sort();
  for (const [key, text] of chinese) assert.deepEqual(holes(text), holes(english.get(key)!), key);
});

test('nothing is empty, and nobody shouts', () => {
  for (const [key, text] of [...english, ...chinese]) {
    assert.notEqual(text.trim(), '', key);
    assert.doesNotMatch(text, /[!！]/, key);
  }
});

test('Chinese has Chinese punctuation, and a space between Chinese and Latin words', () => {
  for (const [key, text] of chinese) {
    assert.doesNotMatch(text, /\p{Script=Han}[,.;:?]/u, key);
    assert.doesNotMatch(text, /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u, key);
  }
});

test('every key is used', () => {
  const source = files.map(({ text }) => text).join('\n');
  // A key may be put together: then its beginning stands in a template, its group in a table, or its end in the page of collections.
  const templates = [...source.matchAll(/`([a-z][\w.-]*\.)\$\{/gi)].map((match) => match[1]!);
  const unused = [...english.keys()].filter((key) => {
    const plain = key.replace(/_(one|other)$/, '');
    const [leaf] = plain.split('.').slice(-1);
    const inTable = /^hosts\.findings\./.test(plain) && source.includes(`'${leaf}'`);
    const inCollection =
      source.includes(`collection="${plain.split('.')[0]}"`) && source.includes(`\${words}.${leaf}\``);
    return (
      !inTable && !inCollection && !source.includes(`'${plain}'`) && !templates.some((start) => plain.startsWith(start))
    );
  });
  assert.deepEqual(unused, []);
});

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* walk(child);
}

/** Attributes whose text people read or hear. */
const SPOKEN = new Set([
  'aria-label',
  'title',
  'label',
  'placeholder',
  'alt',
  'titleText',
  'help',
  'subtitle',
  'content',
  'text',
  'description',
]);
const hasWords = (text: string) => /\p{L}{2}/u.test(text);
/** Names that are the same in every language. */
const NAMES = /^(CSV|ICMP)$/;

test('no word on the screen stands in the code', () => {
  const found: string[] = [];
  for (const { name, text } of files.filter((file) => file.name.endsWith('.tsx'))) {
    const { program } = parseSync(name, text);
    for (const node of walk(program as unknown as Node)) {
      if (node.type === 'JSXText' && hasWords(String(node['value'])))
        found.push(`${name}: ${String(node['value']).trim()}`);
      if (node.type !== 'JSXAttribute') continue;
      const attribute = (node['name'] as { name?: string }).name ?? '';
      const value = node['value'];
      if (!SPOKEN.has(attribute) || !isNode(value) || value.type !== 'Literal') continue;
      const literal = String(value['value']);
      if (hasWords(literal) && !NAMES.test(literal)) found.push(`${name}: ${attribute}="${literal}"`);
    }
  }
  assert.deepEqual(found, []);
});
