import { globSync } from 'node:fs';
import { check } from './check.ts';
import { run } from './run.ts';
import { ROOT } from './workspaces.ts';

/** What a test file needs is in its name: `x.test.ts` nothing, `x.ovs.test.ts` Open vSwitch, `x.platform.test.ts` a platform or a database of its own, and time, `x.real.test.ts` root and daemons, `x.browser.test.ts` Chromium. */
const kindOf = (file: string) => file.match(/\.(ovs|platform|real|browser)\.test\.ts$/)?.[1] ?? 'plain';

async function main(args: readonly string[]): Promise<boolean> {
  const quick = args.includes('--quick');
  const nightly = args.includes('--nightly');
  const only = args.filter((a) => !a.startsWith('-'));
  const started = performance.now();
  const files = globSync('{apps,core,drivers}/*/test/**/*.test.ts', { cwd: ROOT })
    .concat(globSync('{lab,bench,tools}/test/**/*.test.ts', { cwd: ROOT }))
    .filter((file) => only.length === 0 || only.some((part) => file.includes(part)))
    .sort();
  // Hostile inputs per decoder: a taste when in a hurry, 20,000 as a rule, a million at night.
  const inHaste = { HV_FUZZ: '2000' };
  const atNight = { HV_FUZZ: '1000000', HV_OUTAGE: '600', HV_LIBVIRT7: '1' };
  const env = { ...(nightly ? atNight : {}), ...(quick ? inHaste : { HV_REAL: '1' }) };
  const of = (...kinds: string[]) => files.filter((file) => kinds.includes(kindOf(file)));
  let ok = only.length > 0 || (await check());
  const suites: [string, string[], number][] = quick
    ? [['unit and property tests', of('plain'), 4]]
    : [
        ['unit, property and protocol tests', of('plain', 'ovs', 'platform'), 2],
        ['tests on real hypervisors, switches and the lab', of('real'), 2],
        ['the console in a browser', of('browser'), 1],
      ];
  if (files.some((file) => file.startsWith('apps/console/'))) {
    const build = await run(['vite', 'build', 'apps/console', '--logLevel', 'warn']);
    ok &&= build.code === 0;
  }
  for (const [name, suite, concurrency] of suites) {
    if (suite.length === 0) continue;
    console.log(`— ${name}`);
    const { code } = await run(
      [
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        '--test',
        `--test-concurrency=${concurrency}`,
        `--test-timeout=${nightly ? 14_400_000 : 600_000}`,
        ...suite,
      ],
      { env },
    );
    ok &&= code === 0;
  }
  console.log(
    `${ok ? '✓ all is well' : '✗ something failed'} (${((performance.now() - started) / 1000).toFixed(0)} s)`,
  );
  return ok;
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
