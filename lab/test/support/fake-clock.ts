import { chmodSync, existsSync, globSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lab, labState, spawnInHost, spawnRoot } from '../../src/index.ts';
import { endProcesses } from '../../src/process.ts';

/** A clock of our own for some programs of a lab, by Debian's libfaketime: the wall clock only, as when somebody sets it. */
export interface FakeClock {
  /** Sets it so many seconds off the machine's; programs see that at once. */
  set(offsetS: number): void;
  /** Starts a recorded program of the lab again, under this clock. */
  restart(name: string): Promise<void>;
  /** Once what ran under it has ended. */
  remove(): void;
}

/** Where the library keeps what it shares between processes, `faketime_shm_PID`; what is killed leaves it there. */
const SHARED = '/dev/shm';
const shared = () => readdirSync(SHARED).filter((name) => /faketime_(shm|sem)_\d+$/.test(name));
const isRunning = (name: string) => existsSync(`/proc/${name.replace(/^.*_/, '')}`);

export function createFakeClock(lab: Lab): FakeClock {
  const [library] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
  if (library === undefined) throw new Error('libfaketime is missing: apt-get install libfaketime');
  const dir = mkdtempSync('/tmp/hv-clock-');
  chmodSync(dir, 0o755);
  const file = join(dir, 'offset');
  const set = (offsetS: number) => writeFileSync(file, `${offsetS < 0 ? '' : '+'}${offsetS}\n`);
  set(0);
  const before = new Set(shared());
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  };
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  // A platform's database has the platform's clock. It is started by setpriv, and only what runs without privileges may
  // load the library: it shares memory by the process's number.
  const setpriv = `#!/usr/bin/perl
my ($at) = grep { $ARGV[$_] eq '--' } 0 .. $#ARGV;
splice @ARGV, $at + 1, 0, '/usr/bin/env', qw(${assignments.join(' ')});
exec '/usr/bin/setpriv', @ARGV;
`;
  writeFileSync(join(dir, 'setpriv'), setpriv, { mode: 0o755 });
  return {
    set,
    async restart(name) {
      const { argv, where, identity } = labState(lab).processes[name]!;
      if (identity) await endProcesses([identity], 30_000);
      const words = ['env', `PATH=${dir}:${process.env['PATH']}`, ...assignments, ...argv];
      if (where === 'root') await spawnRoot(lab, words, { name });
      else await spawnInHost(lab, where, words, { name });
    },
    remove() {
      for (const name of shared()) if (!before.has(name) && !isRunning(name)) rmSync(join(SHARED, name));
      rmSync(dir, { recursive: true });
    },
  };
}
