import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

const PAUSE_MS = 1000;

/** Starts a program, and again a second after it ended; its complaints go to the console. */
export function keepRunning(
  [name, ...args]: readonly [string, ...string[]],
  onStart: (output: Readable, child: ChildProcess) => void,
): void {
  const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let ended = false;
  const again = () => {
    if (ended) return;
    ended = true;
    setTimeout(() => keepRunning([name, ...args], onStart), PAUSE_MS);
  };
  child.on('error', again);
  child.on('close', again);
  onStart(child.stdout, child);
}
