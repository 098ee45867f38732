import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';
import { ROOT } from './workspaces.ts';

/** What belongs to one machine and to nobody's clone: a registry's host, a build machine's path. */
const FOREIGN = [
  /https?:\/\/registry\.[\w.-]+/,
  /https?:\/\/[\w.-]*deb\.[\w.-]+/,
  /\/(?:work|farm)\/(?:main|shared)\b/,
];

/** Tracked files that name this machine or a registry. */
export async function foreignTraces(): Promise<string[]> {
  const { output } = await run(['git', 'ls-files', '-z'], { quiet: true });
  return output
    .split('\0')
    .filter((file) => file !== '' && file !== 'tools/traces.ts' && !/\.(png|woff2?|ico|gz|bin)$/.test(file))
    .filter((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      return FOREIGN.some((pattern) => pattern.test(text));
    })
    .map((file) => `${file}: names a registry's host or a path of one machine`);
}
