import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell, displayWidth, facts, table } from '../src/output.ts';

test('columns stand straight under Chinese names', () => {
  const lines = table(
    [
      { name: '数据库', id: 1 },
      { name: 'web', id: 22 },
    ],
    ['name', 'id'],
  ).split('\n');
  assert.deepEqual(
    lines.map((line) => displayWidth(line.slice(0, line.search(/\S+$/)))),
    [8, 8, 8],
  );
});

test('control characters of a foreign name cannot move the cursor', () => {
  assert.equal(cell('a\u001b[2Jb\nc'), 'a�[2Jb�c');
});

test('lists, maps and nothing each have a short form', () => {
  assert.equal(cell(['a', 'b']), 'a b');
  assert.equal(cell({ tier: 'web' }), 'tier=web');
  assert.equal(cell(null), '-');
  assert.equal(cell([{}, {}]), '2');
});

test('an object is shown with what is inside it', () => {
  assert.equal(
    facts({ name: 'web', tags: {}, nics: [{ mac: 'x', ip: 'y' }] }),
    'name: web\ntags: -\nnics:\n  - mac: x\n    ip: y',
  );
  assert.equal(facts({ services: ['ssh', { protocol: 'tcp' }] }), 'services:\n  - ssh\n  - protocol: tcp');
});

test('heads are words', () => {
  const [heads] = table([], ['name', 'facts.libvirt', 'appliedRevision', 'hostId', 'id']).split('\n');
  assert.equal(heads, 'NAME  LIBVIRT  APPLIED REVISION  HOST  ID');
});
