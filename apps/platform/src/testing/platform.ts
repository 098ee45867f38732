import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { type RunningPlatform, startPlatform } from '../compose.ts';
import { type ConfigInput, configOf } from '../config.ts';
import { signInFirst, type TestPerson } from './person.ts';
import { createScratch, type Scratch } from './scratch.ts';

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

/** A platform with its first administrator signed in, on a database server of its own. */
export interface TestCloud {
  readonly scratch: Scratch;
  readonly databaseUrl: string;
  readonly platform: RunningPlatform;
  readonly person: TestPerson;
  stop(): Promise<void>;
}

export async function startTestCloud(
  name: string,
  { durable = false, ...input }: ConfigInput & { durable?: boolean } = {},
): Promise<TestCloud> {
  const scratch = await createScratch({ durable });
  const databaseUrl = await scratch.createDatabase();
  const platform = await startTestPlatform(scratch, name, { databaseUrl, ...input });
  const person = await signInFirst(platform);
  async function stop(): Promise<void> {
    await platform.stop();
    await scratch.remove();
  }
  return { scratch, databaseUrl, platform, person, stop };
}
