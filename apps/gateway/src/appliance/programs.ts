import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program of the appliance to its end; rejects with its complaint. */
export async function runProgram(name: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execute(name, args, { timeout: 30_000, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
