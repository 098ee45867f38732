import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { api, type Endpoint } from '@hypervigil/contract';
import { fieldsOf, fieldValue, parseArguments } from '../src/arguments.ts';
import type { Command } from '../src/commands/command.ts';
import { findCommand } from '../src/commands.ts';

const ROOT = new URL('../../../', import.meta.url);
const ID = '00000000-0000-7000-8000-000000000000';

/** The lines of documents that begin with hv, without their comments. */
function linesOf(file: string): string[] {
  const blocks = [...readFileSync(new URL(file, ROOT), 'utf8').matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text!);
  return blocks.flatMap((text) => [...text.matchAll(/^(?:\.\/)?hv (.*)$/gm)].map(([, line]) => line!));
}

/** The words of a line of the shell: quotes taken off, up to a comment, a pipe or a file that it writes to. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/'[^']*'|"[^"]*"|\S+/g)) {
    if (/^[#|>]/.test(word)) break;
    words.push(word.replace(/^(['"])(.*)\1$/s, '$2').replaceAll(/\bID\b/g, ID));
  }
  return words;
}

/** What the platform would be sent, had every name that the line says an id. */
function requestOf(command: Command, args: readonly string[]): Record<string, unknown> {
  const endpoint = api[command.operation] as Endpoint;
  const { fields, positional, flags } = parseArguments(command, args);
  if (endpoint.params !== undefined) assert.ok(positional.shift() !== undefined, 'whose name is missing');
  for (const field of command.positional ?? []) {
    const word = fields[field] === undefined ? positional.shift() : undefined;
    if (word !== undefined) fields[field] = fieldValue(fieldsOf(endpoint)[field]!, word, false);
  }
  assert.deepEqual(positional, [], 'words that nothing is for');
  const taken = ['json', 'lang', 'url', ...(command.takesView ? ['view'] : [])];
  assert.ok(Object.keys(flags).every((flag) => taken.includes(flag)));
  for (const field of Object.keys(command.lookups ?? {}))
    if (typeof fields[field] === 'string') fields[field] = field.endsWith('Ids') ? [ID] : ID;
  return fields;
}

test('what the documents tell people to type is what the platform takes', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'hv-guides-'));
  const back = process.cwd();
  t.after(async () => {
    process.chdir(back);
    await rm(folder, { recursive: true });
  });
  process.chdir(folder);
  let tried = 0;
  for (const file of globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT })) {
    for (const line of linesOf(file)) {
      const words = wordsOf(line);
      const found = findCommand(words);
      if (found === undefined) continue; // a program of its own, or several calls
      const { command, rest } = found;
      for (const [at, word] of rest.entries()) if (/-file$/.test(word)) await writeFile(rest[at + 1]!, '192.0.2.1\n');
      const endpoint = api[command.operation] as Endpoint;
      const fields = requestOf(command, rest);
      // What is read of names (`--from vm:bastion`), the revision and what an update leaves alone hv fills in.
      for (const field of Object.keys(command.reads ?? {})) delete fields[field];
      const filled = new Set([...Object.keys(command.reads ?? {}), 'revision', 'draftRevision']);
      const schema = endpoint.query ?? endpoint.body;
      const problems = (schema?.safeParse(fields).error?.issues ?? []).filter(
        ({ code, path }) =>
          !(code === 'invalid_type' && (filled.has(String(path[0])) || command.operation.startsWith('update'))),
      );
      assert.deepEqual(problems, [], `${file}: hv ${line}`);
      tried += 1;
    }
  }
  assert.ok(tried > 40, `${tried} commands were tried`);
});
