import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A daemon of the Open vSwitch family, with everything it writes in one directory. */
export interface DaemonOptions {
  readonly runDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** What it writes into its directory when it serves. */
  readonly ready: string;
  /** The network namespace in which it runs; this process's own without it. */
  readonly netns?: string;
}

const START_MS = 20_000;

/** Starts it, and resolves when it serves. */
export async function startDaemon(
  name: string,
  args: readonly string[],
  { runDir, env, ready, netns }: DaemonOptions,
): Promise<ChildProcess> {
  const files = [`--pidfile=${path.join(runDir, `${name}.pid`)}`, `--log-file=${path.join(runDir, `${name}.log`)}`];
  const command = [name, '--no-chdir', ...files, '-vconsole:off', ...args];
  const [program = '', ...rest] = netns === undefined ? command : ['ip', 'netns', 'exec', netns, ...command];
  const child = spawn(program, rest, { env, stdio: 'ignore' });
  await once(child, 'spawn');
  for (const deadline = Date.now() + START_MS; !existsSync(path.join(runDir, ready)); await delay(20)) {
    if (Date.now() < deadline && child.exitCode === null) continue;
    await endChild(child);
    throw new Error(`${name} did not start; see ${runDir}`);
  }
  return child;
}

/** Resolves when it is gone. */
export async function endChild(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
