import { spawn } from 'node:child_process';
import { LabError } from './errors.ts';

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  /** Milliseconds until the command is killed; 30,000 unless told. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  /** Exit code; 128 + signal number is not used: a killed command has code -1. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command may print this much per stream before it is killed. */
const OUTPUT_LIMIT = 16 * 1024 * 1024;

/** The environment with the folders of system programs in PATH: `su` and some `sudo` set-ups leave them out. */
export function commandEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    LC_ALL: 'C.UTF-8',
    ...extra,
    PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`,
  };
}

/** Runs one command to its end and hands back what it said, whatever its exit code. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [file, ...args] = argv;
  if (file === undefined) throw new LabError('LAB_COMMAND', 'A command needs at least a program');
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  const timeoutMs = options.timeoutMs ?? 30_000;
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: commandEnv(options.env),
    ...(options.cwd && { cwd: options.cwd }),
    ...(options.signal && { signal: options.signal }),
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let size = 0;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  const keep = (list: Buffer[]) => (chunk: Buffer) => {
    size += chunk.length;
    if (size <= OUTPUT_LIMIT) list.push(chunk);
    else child.kill('SIGKILL');
  };
  child.stdout.on('data', keep(out));
  child.stderr.on('data', keep(err));
  // A command may end before it has read its input; its exit code tells the story.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input);
  child.on('error', (cause) => {
    clearTimeout(timer);
    reject(new LabError('LAB_COMMAND', `Could not run ${file}`, cause));
  });
  child.on('close', (code) => {
    clearTimeout(timer);
    if (timedOut) reject(new LabError('LAB_TIMEOUT', `${argv.join(' ')} did not end within ${timeoutMs} ms`));
    else resolve({ code: code ?? -1, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
  });
  return promise;
}

/** Like {@link run}, but an exit code other than 0 is a `LAB_COMMAND` error that carries what the command said. */
export async function runOk(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await run(argv, options);
  if (result.code !== 0) {
    const said = (result.stderr || result.stdout).trim().slice(-2000);
    throw new LabError('LAB_COMMAND', `${argv.join(' ')} ended with ${result.code}: ${said}`);
  }
  return result.stdout;
}
