import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GatewayError } from './errors.ts';

const execute = promisify(execFile);
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Runs a program to its end and hands back what it printed; fails with `GATEWAY_IMAGE` and its complaint. */
export async function run([file = '', ...args]: readonly string[], cwd?: string): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin` };
  try {
    const { stdout } = await execute(file, args, { cwd, env, maxBuffer: MAX_OUTPUT, timeout: 600_000 });
    return stdout;
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().slice(-2000) ?? '';
    throw new GatewayError('GATEWAY_IMAGE', `${[file, ...args].slice(0, 4).join(' ')} failed. ${said}`, { cause });
  }
}
