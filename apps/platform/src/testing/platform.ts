import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { type RunningPlatform, startPlatform } from '../compose.ts';
import { type ConfigInput, configOf } from '../config.ts';
import type { Scratch } from './scratch.ts';

/** A platform in this process on ports of its own. Two of one scratch with one `databaseUrl` are two processes of one. */
export async function startTestPlatform(
  scratch: Scratch,
  name: string,
  input: ConfigInput = {},
): Promise<RunningPlatform> {
  const stateDir = join(scratch.dir, name);
  await mkdir(stateDir, { recursive: true });
  const config = configOf({
    stateDir,
    runDir: join(scratch.dir, `${name}-run`),
    databaseUrl: await scratch.createDatabase(),
    httpPort: 0,
    httpsPort: 0,
    httpsAddress: '127.0.0.1',
    createFromClaims: true,
    ...input,
  });
  return startPlatform(config, pino({ level: process.env['HV_LOG'] ?? 'silent' }));
}
