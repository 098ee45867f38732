import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../workspaces.ts';

const DOCS = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT });
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

test('every link within the documents leads somewhere', () => {
  for (const file of DOCS) {
    for (const [, target = ''] of textOf(file).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (/^https?:/.test(target)) continue;
      assert.ok(existsSync(join(ROOT, dirname(file), target)), `${file} → ${target}`);
    }
  }
});

test('every hv command that the documents tell people to type is one that hv help knows', () => {
  const env = { ...process.env, HV_LANG: 'en' };
  const help = execFileSync(process.execPath, [join(ROOT, 'apps/cli/src/main.ts'), 'help'], { encoding: 'utf8', env });
  const known = new Set([...help.matchAll(/\bhv ([a-z-]+)/g)].map((match) => match[1]));
  known.add('help');
  const subcommands = [...help.matchAll(/^ {2}hv ([a-z-]+) ([a-z|-]+)(?: [a-z-]+)?(?:$| {2})/gm)].flatMap(
    ([, first, words = '']) => words.split('|').map((word) => `${first} ${word}`),
  );
  for (const file of DOCS) {
    for (const [, command = '', word] of textOf(file).matchAll(/(?:\.\/|`|^)hv ([a-z-]+)(?: ([a-z][a-z-]*))?/gm)) {
      assert.ok(known.has(command), `${file} tells people to type hv ${command}`);
      const hasWords = word !== undefined && subcommands.some((one) => one.startsWith(`${command} `));
      if (hasWords) assert.ok(subcommands.includes(`${command} ${word}`), `${file}: hv ${command} ${word}`);
    }
  }
});

test('a document and its Chinese twin tell the same commands, and show the same files', () => {
  // But for names, which are in quotes and may be in the reader's language.
  const commands = (file: string) =>
    [...textOf(file).matchAll(/^(?:\.\/)?hv [^#\n]*/gm)].map((match) =>
      match[0]
        .replaceAll(/"[^"]*"/g, '""')
        .replaceAll(/ +/g, ' ')
        .trim(),
    );
  const files = (file: string) => [...textOf(file).matchAll(/^```yaml\n[^`]*```$/gm)].map((match) => match[0]);
  const twins = DOCS.filter((file) => file.endsWith('.zh-CN.md'));
  assert.ok(twins.includes('README.zh-CN.md'));
  for (const twin of twins) {
    const original = twin.replace('.zh-CN.md', '.md');
    assert.deepEqual(commands(twin), commands(original));
    assert.deepEqual(files(twin), files(original));
  }
});
