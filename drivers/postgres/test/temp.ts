import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { type EmbeddedOptions, type Postgres, startPostgres } from '../src/index.ts';

/** `nobody`: with root, the tests run the server as an account that every system has. */
const NOBODY = 65534;

export interface Scratch {
  readonly options: EmbeddedOptions;
  /** Starts a server; it is stopped after the test. */
  start(): Promise<Postgres>;
}

/** The server's programs, copied once for all tests of a file. */
let runtime: Promise<string> | undefined;

after(async () => {
  if (runtime !== undefined) await rm(await runtime, { recursive: true, force: true });
});

/** A folder for one server, removed after the test. In /tmp, because socket paths must be short. */
export async function scratch(t: TestContext): Promise<Scratch> {
  runtime ??= openFolder('/tmp/hv-pg-runtime-');
  const cacheDir = await runtime;
  const folder = await openFolder('/tmp/hv-pg-');
  const account = process.geteuid!() === 0 ? { uid: NOBODY } : {};
  const options = { cacheDir, dataDir: join(folder, 'data'), runDir: join(folder, 'run'), ...account };
  const started: Postgres[] = [];
  t.after(async () => {
    for (const postgres of started) await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    options,
    async start() {
      const postgres = await startPostgres(options);
      started.push(postgres);
      return postgres;
    },
  };
}

/** A new folder that the server's account can enter. */
async function openFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(prefix);
  await chmod(folder, 0o755);
  return folder;
}

/** Waits until `condition` holds; fails after ten seconds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
