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
  const known = new Set([...help.matchAll(/\bhv ([a-z]+)/g)].map((match) => match[1]));
  known.add('help');
  for (const file of DOCS) {
    for (const [, command = ''] of textOf(file).matchAll(/(?:\.\/|`)hv ([a-z]+)/g)) {
      assert.ok(known.has(command), `${file} tells people to type hv ${command}`);
    }
  }
});

test('both readmes tell the same commands', () => {
  const commands = (file: string) => [...textOf(file).matchAll(/^\.\/hv [^#\n]*/gm)].map((match) => match[0].trim());
  assert.deepEqual(commands('README.zh-CN.md'), commands('README.md'));
});
