/** The platform as its own process, with the embedded database and everything durable, on ports of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningPlatform } from '@hypervigil/platform';
import { until } from '@hypervigil/platform/testing';

export type PlatformProcess = Pick<RunningPlatform, 'httpUrl' | 'httpsPort' | 'firstPasswordFile'> & {
  readonly child: ChildProcess;
  /** From its start until `/readyz`. */
  readonly startMs: number;
};

const MAIN = fileURLToPath(new URL('../../apps/platform/src/main.ts', import.meta.url));

/** @param flags settings beside those that keep it in `dir` and on this machine */
export async function startPlatformProcess(
  dir: string,
  flags: Readonly<Record<string, string>> = {},
): Promise<PlatformProcess> {
  const settings = {
    'state-dir': join(dir, 'state'),
    'run-dir': join(dir, 'run'),
    'http-port': '0',
    'https-port': '0',
    'https-address': '127.0.0.1',
    ...flags,
  };
  const argv = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, 'run', ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await firstLine(child, /^.*the platform is ready.*$/m);
  const { http, https } = JSON.parse(line) as { http: number; https: number };
  const httpUrl = `http://127.0.0.1:${http}`;
  await until('/readyz', async () => (await fetch(`${httpUrl}/readyz`)).ok);
  const startMs = performance.now() - started;
  return { child, startMs, httpUrl, httpsPort: https, firstPasswordFile: join(dir, 'state', 'first-password') };
}

/** The first line of a child's output that fits. */
export function firstLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  let output = '';
  child.stdout!.on('data', (chunk) => {
    output = (output + chunk).slice(-10_000);
  });
  return until(`${pattern} from a child`, () => pattern.exec(output)?.[0], 120_000);
}
