import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseArguments } from '../src/arguments.ts';
import { findCommand } from '../src/commands.ts';
import { CliError } from '../src/errors.ts';

const commandOf = (words: string) => findCommand(words.split(' '))!.command;

test('flags become the fields of the operation, hv keeps its own', () => {
  const parsed = parseArguments(commandOf('vm list'), ['--host-id', 'h1', '--limit=5', '--json']);
  assert.deepEqual(parsed.fields, { hostId: 'h1', limit: '5' });
  assert.deepEqual(parsed.flags, { json: 'true' });
});

test('a value that the schema does not take as text is read as JSON', () => {
  const parsed = parseArguments(commandOf('network create'), [
    '--name',
    'prod',
    '--vlan',
    '100',
    '--cidrs',
    '["10.0.0.0/8"]',
    '--tenant-id',
    'null',
  ]);
  assert.deepEqual(parsed.fields, { name: 'prod', vlan: 100, cidrs: ['10.0.0.0/8'], tenantId: null });
});

test('a saved view is named where flows are asked for, and nowhere else', () => {
  const parsed = parseArguments(commandOf('flow top'), ['--view', 'denied today', '--order', 'flows']);
  assert.deepEqual([parsed.flags, parsed.fields], [{ view: 'denied today' }, { order: 'flows' }]);
  assert.throws(() => parseArguments(commandOf('vm list'), ['--view', 'x']), { code: 'unknown-flag' });
});

test('a field of a field has a flag of its own', () => {
  const parsed = parseArguments(commandOf('threat-set create'), [
    '--feed-url',
    'https://example.com/list.txt',
    '--feed-every-minutes=60',
    '--feed-csv-column',
    '2',
  ]);
  assert.deepEqual(parsed.fields, {
    feed: { url: 'https://example.com/list.txt', everyMinutes: 60, csvColumn: '2' },
  });
});

test('a file gives the lines of a list, or a text with the name of its file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hv-arguments-'));
  const file = join(folder, 'bad.txt');
  await writeFile(file, '# known bad\n192.0.2.1 # since May\n\n192.0.2.8/29\n');
  const set = parseArguments(commandOf('address-set update'), ['bad', '--entries-file', file]);
  assert.deepEqual(set.fields, { entries: ['192.0.2.1', '192.0.2.8/29'] });
  const upload = parseArguments(commandOf('threat-set upload'), ['bad', '--content-file', file]);
  assert.equal(upload.fields['fileName'], 'bad.txt');
  assert.match(String(upload.fields['content']), /^# known bad/);
  await rm(folder, { recursive: true });
});

test('text that looks like a number stays text where text is meant', () => {
  assert.deepEqual(parseArguments(commandOf('tenant create'), ['--name', '42']).fields, { name: '42' });
});

test('an unknown flag is refused, and the known ones are named', () => {
  assert.throws(
    () => parseArguments(commandOf('vm set'), ['--tennant-id', 'acme']),
    (error) =>
      error instanceof CliError &&
      error.code === 'unknown-flag' &&
      String(error.params['known']).includes('--tenant-id'),
  );
});

test('a flag at the end without its value is refused', () => {
  assert.throws(() => parseArguments(commandOf('vm list'), ['--limit']), { code: 'flag-needs-value' });
});
