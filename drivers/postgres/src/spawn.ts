import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Account } from './account.ts';

/** Standard output and error, nothing to read from. */
export type ServerProcess = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Starts a program of the server as its account, with no privileges left and none to regain.
 *
 * `setpriv` (util-linux, essential on Debian) also asks the kernel to send SIGINT, PostgreSQL's fast shutdown, when
 * this process dies: so a killed platform never leaves a server behind that the next one would have to fight.
 */
export function spawnAs(account: Account, program: string, args: readonly string[], cwd: string): ServerProcess {
  const drop =
    process.geteuid!() === 0
      ? [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', '--inh-caps=-all', '--bounding-set=-all']
      : [];
  return spawn('setpriv', [...drop, '--no-new-privs', '--pdeathsig=INT', '--', program, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
