import { policyMistakes } from '../core/authz/src/index.ts';
import { layerMistakes } from './layers.ts';
import { readLockfile, unlockedOptionals } from './lockfile.ts';
import { run } from './run.ts';
import { foreignTraces } from './traces.ts';

type Outcome = { readonly ok: boolean; readonly output: string };

const program =
  (...argv: string[]) =>
  async (): Promise<Outcome> => {
    const { code, output } = await run(argv, { quiet: true });
    return { ok: code === 0, output };
  };
const list = (find: () => string[] | Promise<string[]>) => async (): Promise<Outcome> => {
  const found = await find();
  return { ok: found.length === 0, output: found.join('\n') };
};

/** Everything that can be said of the tree without running it. */
const CHECKS: Readonly<Record<string, () => Promise<Outcome>>> = {
  types: program('tsc', '-p', '.'),
  'types of the console': program('tsc', '-p', 'apps/console'),
  'format and lint': program('biome', 'check', '--error-on-warnings', '.'),
  promises: program('oxlint', '--type-aware', '--config', '.oxlintrc.json', '.'),
  layers: list(layerMistakes),
  authorisation: list(policyMistakes),
  'unused code': program('knip', '--no-progress'),
  lockfile: list(() => unlockedOptionals(readLockfile())),
  launcher: program('sh', '-n', 'hv'),
  traces: list(foreignTraces),
};

/** Runs the checks one after the other (each is parallel inside) and says what is wrong. */
export async function check(): Promise<boolean> {
  let ok = true;
  for (const [name, work] of Object.entries(CHECKS)) {
    const started = performance.now();
    const outcome = await work();
    console.log(`${outcome.ok ? '✓' : '✗'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    if (!outcome.ok) console.log(outcome.output.trim());
    ok &&= outcome.ok;
  }
  return ok;
}

if (import.meta.main) process.exitCode = (await check()) ? 0 : 1;
