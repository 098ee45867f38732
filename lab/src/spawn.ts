import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from './errors.ts';
import { hostPaths, type Lab, labState } from './lab.ts';
import { identify, isAlive, type ProcessIdentity } from './process.ts';
import { commandEnv, type RunOptions, type RunResult, run, runOk } from './run.ts';
import { type ProcessRecord, updateState } from './state.ts';
import { waitFor } from './wait.ts';

/** The variable that marks every process of a lab; its value is the lab's uuid. */
export const LAB_VARIABLE = 'HV_LAB';

export interface SpawnOptions {
  /** Unique in the lab: a running process of this name is left as it is, an ended one is started again. */
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Receives stdout and stderr; below the lab's directory unless told. */
  readonly logFile?: string;
  readonly cwd?: string;
}

export interface Spawned {
  readonly pid: number;
  readonly logFile: string;
  /** False when it ran already. */
  readonly started: boolean;
}

const holderName = (host: string) => `${host}/holder`;

/** The process that keeps a host's namespaces; `nsenter` finds them through it. */
export function holderOf(lab: Lab, host: string): ProcessIdentity {
  const identity = labState(lab).processes[holderName(host)]?.identity;
  if (!identity || !isAlive(identity)) {
    throw new LabError('LAB_NOT_UP', `Host ${host} of lab ${lab.id} does not run; start it with: hv lab up`);
  }
  return identity;
}

export function holderLives(lab: Lab, host: string): boolean {
  const identity = labState(lab).processes[holderName(host)]?.identity;
  return identity !== undefined && isAlive(identity);
}

function enterHost(lab: Lab, host: string, argv: readonly string[]): string[] {
  const pid = holderOf(lab, host).pid;
  return ['nsenter', `--target=${pid}`, '--net', '--mount', '--uts', '--', ...argv];
}

/** Runs a command in a host's namespaces to its end. */
export function runInHost(lab: Lab, host: string, argv: readonly string[], options?: RunOptions): Promise<RunResult> {
  return run(enterHost(lab, host, argv), options);
}

/** Like {@link runInHost}; an exit code other than 0 is an error. */
export function runInHostOk(lab: Lab, host: string, argv: readonly string[], options?: RunOptions): Promise<string> {
  return runOk(enterHost(lab, host, argv), options);
}

/** Starts a process that outlives the caller, in a host's namespaces; `labDown` ends it. */
export function spawnInHost(lab: Lab, host: string, argv: readonly string[], options: SpawnOptions): Promise<Spawned> {
  return spawnRecorded(lab, host, enterHost(lab, host, argv), argv, {
    logFile: join(hostPaths(lab, host).logs, `${options.name.replace(/^.*\//, '')}.out`),
    ...options,
  });
}

/** Starts a process that outlives the caller, outside the hosts; `labDown` ends it. */
export function spawnRoot(lab: Lab, argv: readonly string[], options: SpawnOptions): Promise<Spawned> {
  return spawnRecorded(lab, 'root', argv, argv, { logFile: join(lab.dir, 'log', `${options.name}.out`), ...options });
}

/** Waits until a started process serves; fails at once, with its last words, when it has ended instead. */
export async function waitForService(
  lab: Lab,
  name: string,
  serves: () => Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  await waitFor(
    name,
    async () => {
      if (await serves()) return true;
      const record = labState(lab).processes[name];
      if (record?.identity && isAlive(record.identity)) return false;
      const log = record ? readFileSync(record.logFile, 'utf8').trim().slice(-1000) : 'never started';
      throw new LabError('LAB_PROCESS', `${name} ended instead of serving: ${log}`);
    },
    { timeoutMs },
  );
}

/** Starts the process that becomes a host: own mount and host name namespaces in the host's network namespace. */
export function spawnHolder(lab: Lab, host: string): Promise<Spawned> {
  const netns = `--net=/run/netns/${lab.names.hostNamespace(host)}`;
  const argv = ['nsenter', netns, 'unshare', '--mount', '--uts', '--propagation', 'private', 'sleep', 'infinity'];
  return spawnRecorded(lab, host, argv, argv, { name: holderName(host), logFile: join(lab.dir, 'log', `${host}.out`) });
}

type Recorded = SpawnOptions & { readonly logFile: string };

async function spawnRecorded(
  lab: Lab,
  where: string,
  command: readonly string[],
  argv: readonly string[],
  options: Recorded,
): Promise<Spawned> {
  const { name, logFile } = options;
  const before = labState(lab).processes[name];
  if (before?.identity && isAlive(before.identity)) {
    return { pid: before.identity.pid, logFile: before.logFile, started: false };
  }
  const record: ProcessRecord = { name, where, argv, logFile };
  const keep = (next: ProcessRecord) =>
    updateState(lab.dir, (s) => ({ ...s, processes: { ...s.processes, [name]: next } }));
  const { uuid } = await keep(record);
  const identity = await start(command, options, commandEnv({ ...options.env, [LAB_VARIABLE]: uuid }));
  await keep({ ...record, identity });
  return { pid: identity.pid, logFile, started: true };
}

async function start(command: readonly string[], options: Recorded, env: NodeJS.ProcessEnv): Promise<ProcessIdentity> {
  const [file, ...args] = command;
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a', 0o640);
  try {
    const child = spawn(file!, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env,
      cwd: options.cwd ?? '/',
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const identity = identify(child.pid!);
    if (!identity) throw new LabError('LAB_PROCESS', `${options.name} ended at once; see ${options.logFile}`);
    return identity;
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError('LAB_PROCESS', `Could not start ${options.name}`, error);
  } finally {
    closeSync(log);
  }
}
