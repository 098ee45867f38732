import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importsOf, mayImport } from '../layers.ts';

test('imports go down only', () => {
  assert.ok(mayImport('apps/engine', 'drivers/ovs'));
  assert.ok(mayImport('drivers/ovs', 'core/model'));
  assert.ok(mayImport('lab', 'apps/platform'));
  assert.ok(!mayImport('core/policy', 'drivers/ovs'));
  assert.ok(!mayImport('drivers/ovs', 'core/policy'));
  assert.ok(!mayImport('apps/engine', 'apps/platform'));
  assert.ok(!mayImport('apps/platform', 'lab'));
  assert.ok(!mayImport('drivers/ovs', 'drivers/ipfix'));
});

test('what runs in a browser sees no driver', () => {
  assert.ok(mayImport('apps/console', 'core/contract'));
  assert.ok(!mayImport('apps/console', 'drivers/postgres'));
  assert.ok(!mayImport('apps/cli', 'drivers/libvirt'));
});

test('every way to import is seen', () => {
  const text = [
    "import { a } from 'one';",
    "import type {\n  B,\n} from 'two';",
    "export * from 'three';",
    "import 'four';",
    "const x = await import('five');",
    "export { y } from 'six';",
    "const text = `import from 'seven'`;",
  ].join('\n');
  assert.deepEqual(importsOf(text), ['one', 'two', 'three', 'four', 'five', 'six']);
});
