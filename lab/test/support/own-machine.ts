import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@hypervigil/contract';
import { localClient } from '../../src/cloud/local-client.ts';
import { REPOSITORY } from '../../src/cloud/program.ts';
import { hostPaths, type Lab, runInHost, spawnInHost } from '../../src/index.ts';
import { findProcesses, hasEnvironment } from '../../src/process.ts';
import type { RunResult } from '../../src/run.ts';
import { LAB_VARIABLE } from '../../src/spawn.ts';
import { readState } from '../../src/state.ts';

/** A host of a lab as somebody's own machine: it has a libvirt, VMs and perhaps a switch, and knows nothing of us yet. */
export interface OwnMachine {
  /** Where `hv` and the engine of this machine keep what is theirs. */
  readonly stateDir: string;
  /** Platform's API by its local socket, as root of this machine has it. */
  readonly client: Client;
  /** Types `hv …` as root of this machine. */
  hv(...args: string[]): Promise<RunResult>;
  /** Types a line into its shell. */
  shell(line: string): Promise<RunResult>;
  /** Starts a line that goes on running; it ends with the lab. */
  start(name: string, line: string): Promise<void>;
  /** Processes that a `hv up` of this machine left running. */
  left(): number;
}

/** Names for what `hv up` keeps: another lab than the one that plays the machine. */
const OWN_ID = 'own';
const TIMEOUT_MS = 240_000;

export function ownMachine(lab: Lab, host: string, dir: string): OwnMachine {
  const stateDir = join(dir, host);
  const bin = join(dir, `${host}-bin`);
  for (const folder of [stateDir, bin]) mkdirSync(folder, { recursive: true });
  const program = [process.execPath, '--disable-warning=ExperimentalWarning', join(REPOSITORY, 'apps/cli/src/main.ts')];
  writeFileSync(join(bin, 'hv'), `#!/bin/sh\nexec ${program.join(' ')} "$@"\n`, { mode: 0o755 });
  const env = { HV_STATE_DIR: stateDir, HV_LAB_ID: OWN_ID, HV_LANG: 'en' };
  let uuid: string | undefined;
  const words = (line: string) => ['sh', '-c', `PATH="${bin}:$PATH"; ${line}`];
  const shell = async (line: string) => {
    const result = await runInHost(lab, host, words(line), { env, timeoutMs: TIMEOUT_MS });
    uuid = readState(join(stateDir, 'lab', OWN_ID))?.uuid ?? uuid;
    return result;
  };
  return {
    stateDir,
    client: localClient(join(hostPaths(lab, host).run, 'hypervigil/admin.sock')),
    hv: (...args) => shell(['hv', ...args.map((arg) => `'${arg}'`)].join(' ')),
    shell,
    async start(name, line) {
      await spawnInHost(lab, host, words(`exec ${line}`), { name: `${host}/${name}`, env });
    },
    left: () => (uuid === undefined ? 0 : findProcesses((pid) => hasEnvironment(pid, LAB_VARIABLE, uuid!)).length),
  };
}
