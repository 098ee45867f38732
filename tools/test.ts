import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check } from './check.ts';
import { run } from './run.ts';
import { ROOT } from './workspaces.ts';

/** What a test file needs is in its name: `x.test.ts` nothing, `x.ovs.test.ts` Open vSwitch, `x.platform.test.ts` a platform or a database of its own, and time, `x.real.test.ts` root and daemons, `x.browser.test.ts` Chromium. */
const kindOf = (file: string) => file.match(/\.(ovs|platform|real|browser)\.test\.ts$/)?.[1] ?? 'plain';

const WITHOUT_WARNING = ['--disable-warning=ExperimentalWarning'];

const preloaded = (file: string) => `--import=${pathToFileURL(join(ROOT, file))}`;

/** A test file that keeps its process alive would keep the run alive. */
const LEAVE = preloaded('tools/leave.ts');

const IN_ORDER = ['--test-concurrency=1', LEAVE];

const labTests = (...names: string[]) => names.map((name) => `lab/test/${name}.real.test.ts`);

/** Takes as long, one after the other, as all other real tests two at a time; with one more, as all others one at a time. */
const LONG = {
  besideTwo: labTests('faults', 'own-host', 'protected-cloud'),
  besideOne: labTests('faults', 'gateway-attacks', 'own-host', 'protected-cloud'),
};

/**
 * The first suite takes 160 to 220 s of a machine that carries three clouds at a time. One that takes longer than this
 * does not: its guests are so slow then that what waits for them gives up. It carries two, and a browser after them, and
 * is waited for longer.
 */
const SLOW_AFTER_MS = 300_000;

/** Test files that run beside another lane's. */
interface Lane {
  readonly files: readonly string[];
  readonly flags: readonly string[];
  /** The program that they run in, as `unshare`. */
  readonly within?: readonly string[];
}

type Suite = readonly [name: string, lanes: readonly Lane[]];

/**
 * Chromium gives up what it is loading when a network interface comes or goes (ERR_NETWORK_CHANGED), as with every lab that
 * somebody brings up meanwhile: it has a network of its own. Making one takes root.
 */
function inOwnNetwork(files: readonly string[]): Lane {
  if (process.getuid?.() !== 0) return { files, flags: IN_ORDER };
  return { files, flags: [...IN_ORDER, preloaded('tools/loopback.ts')], within: ['unshare', '--net'] };
}

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
  const atNight = {
    HV_FUZZ: '1000000',
    HV_SURICATA: 'trixie',
    HV_NFT: 'trixie',
    HV_OUTAGE: '600',
    HV_LIBVIRT7: '1',
    HV_POLICY_SETS: '200',
  };
  const env = { ...(nightly ? atNight : {}), ...(quick ? inHaste : { HV_REAL: '1' }) };
  const of = (...kinds: string[]) => files.filter((file) => kinds.includes(kindOf(file)));
  // Beside the tests: neither keeps two processors busy by itself.
  const checked = only.length > 0 || check();
  let ok = true;
  // A process for each file costs as much as what most of them do: those share one that need no platform of their own.
  const place = (file: string) => {
    if (kindOf(file) !== 'plain' || file.startsWith('apps/platform/')) return 'alone';
    return file.startsWith('core/') ? 'core' : 'shared';
  };
  const lanes = (suite: string[], concurrency: number): Lane[] => [
    { files: suite.filter((file) => place(file) === 'core'), flags: ['--test-isolation=none'] },
    { files: suite.filter((file) => place(file) === 'shared'), flags: ['--test-isolation=none'] },
    { files: suite.filter((file) => place(file) === 'alone'), flags: [`--test-concurrency=${concurrency}`, LEAVE] },
  ];
  const browser = of('browser');
  const real = of('real');
  const onLab = (file: string) => file.startsWith('lab/');
  // Most of what a test on a cloud does is to wait: three such files at a time keep two processors busy.
  const realLanes = (concurrency: 1 | 2): Lane[] => {
    const long = concurrency === 1 ? LONG.besideOne : LONG.besideTwo;
    return [
      { files: real.filter((file) => !long.includes(file)), flags: [`--test-concurrency=${concurrency}`, LEAVE] },
      { files: real.filter((file) => long.includes(file)), flags: IN_ORDER },
    ];
  };
  const inBrowser = inOwnNetwork(browser.filter((file) => !onLab(file)));
  const onTheLab: Suite = ['the console on the lab', [{ files: browser.filter(onLab), flags: IN_ORDER }]];
  const onClouds = (isSlow: boolean): Suite[] =>
    isSlow
      ? [
          ['tests on real hypervisors, switches and the lab', realLanes(1)],
          ['the console in a browser', [inBrowser]],
          onTheLab,
        ]
      : [
          ['tests on real hypervisors, switches and the lab; the console in a browser', [...realLanes(2), inBrowser]],
          onTheLab,
        ];
  if (files.some((file) => file.startsWith('apps/console/'))) {
    const build = await run([process.execPath, ...WITHOUT_WARNING, 'lab/src/cloud/console-main.ts']);
    ok &&= build.code === 0;
  }
  const runSuites = async (suites: readonly Suite[], patience = 1) => {
    const timeout = (nightly ? 14_400_000 : 600_000) * patience;
    const flags = [...WITHOUT_WARNING, '--test', `--test-timeout=${timeout}`];
    const patient = { ...env, HV_PATIENCE: String(patience) };
    for (const [name, all] of suites) {
      const some = all.filter((lane) => lane.files.length > 0);
      if (some.length > 0) console.log(`— ${name}`);
      const ends = await Promise.all(
        some.map((lane) =>
          run([...(lane.within ?? []), process.execPath, ...flags, ...lane.flags, ...lane.files], { env: patient }),
        ),
      );
      ok &&= ends.every(({ code }) => code === 0);
    }
  };
  if (quick) await runSuites([['unit and property tests', lanes(of('plain'), 2)]]);
  else {
    const began = performance.now();
    await runSuites([['unit, property and protocol tests', lanes(of('plain', 'ovs', 'platform'), 2)]]);
    const isSlow = performance.now() - began > SLOW_AFTER_MS;
    await runSuites(onClouds(isSlow), isSlow ? 3 : 1);
  }
  ok = (await checked) && ok;
  console.log(
    `${ok ? '✓ all is well' : '✗ something failed'} (${((performance.now() - started) / 1000).toFixed(0)} s)`,
  );
  return ok;
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
