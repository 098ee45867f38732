import assert from 'node:assert/strict';
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
