import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@hypervigil/contract';
import { LabError } from '../errors.ts';
import type { Lab } from '../lab.ts';
import { spawnRoot } from '../spawn.ts';
import { waitFor } from '../wait.ts';
import { ensureConsole } from './console.ts';
import { localClient } from './local-client.ts';
import { appCommand } from './program.ts';

export interface PlatformPlan {
  /** Everything that the platform stores. */
  readonly stateDir: string;
  readonly runDir: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Where engines and remote browsers reach it. */
  readonly httpsAddress: string;
  readonly publicUrl: string | null;
  /** Tenants and networks that nobody created may be taken from what VMs claim: a lab's convenience. */
  readonly createFromClaims: boolean;
}

export interface RunningPlatform {
  readonly client: Client;
  readonly url: string;
  /** The one-time password, while nobody has changed it. */
  firstPassword(): string | null;
}

const READY_MS = 60_000;

const lastLines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-3).join('\n');

/** Starts the platform, or finds it running, and waits until it answers. */
export async function ensurePlatform(lab: Lab, plan: PlatformPlan): Promise<RunningPlatform> {
  const consoleDir = await ensureConsole();
  const settings = {
    'state-dir': plan.stateDir,
    'run-dir': plan.runDir,
    'http-port': String(plan.httpPort),
    'https-port': String(plan.httpsPort),
    'https-address': plan.httpsAddress,
    'console-dir': consoleDir,
    'create-from-claims': String(plan.createFromClaims),
    ...(plan.publicUrl === null ? {} : { 'public-url': plan.publicUrl }),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const { logFile, pid } = await spawnRoot(lab, appCommand('platform', ['run', ...args]), { name: 'platform' });
  const client = localClient(join(plan.runDir, 'admin.sock'));
  // Asked by its own socket: on the port somebody else's platform may answer.
  const answers = async () => {
    if (!existsSync(`/proc/${pid}`)) throw new LabError('LAB_PROCESS', `The platform ended: ${lastLines(logFile)}`);
    return await client.getPolicyStatus().catch(() => undefined);
  };
  await waitFor(`the platform answers (log: ${logFile})`, answers, { timeoutMs: READY_MS });
  const password = join(plan.stateDir, 'first-password');
  return {
    client,
    url: `http://127.0.0.1:${plan.httpPort}`,
    firstPassword: () => (existsSync(password) ? readFileSync(password, 'utf8').trim() : null),
  };
}
