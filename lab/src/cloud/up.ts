import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { demoCloud } from '../demo.ts';
import { type Lab, labState, locateLab } from '../lab.ts';
import { managementAddress } from '../names.ts';
import { step } from '../steps.ts';
import { labUp } from '../up.ts';
import { all } from '../wait.ts';
import { ensureEngine, everyHostEnforces, everyVmProtected } from './engines.ts';
import { localClient } from './local-client.ts';
import type { CloudOptions } from './options.ts';
import { ensurePlatform, type RunningPlatform } from './platform.ts';
import type { Progress } from './progress.ts';
import { seedDemo } from './seed.ts';

export interface UpResult {
  readonly url: string;
  /** Null once somebody has chosen a password. */
  readonly password: string | null;
}

export async function resultOf(platform: RunningPlatform): Promise<UpResult> {
  return { url: platform.url, password: platform.firstPassword() };
}

/** The HTTPS port follows the HTTP port, so that two labs on one machine differ in one number. */
export const httpsPortOf = (httpPort: number) => httpPort + 363;

/** The demo cloud: hosts, platform, engines, and only then the first guest. */
export async function cloudUp(options: CloudOptions, progress: Progress): Promise<UpResult> {
  const { onStep } = progress;
  const vms = demoCloud();
  const lab = await labUp({ id: options.id, onStep });
  const hosts = labState(lab).hosts;
  const platform = await step(onStep, 'platform', () => ensureLabPlatform(lab, options));
  await step(onStep, 'tenants', () => seedDemo(platform.client));
  await all(hosts.map((host) => step(onStep, `engine ${host}`, () => ensureEngine(lab, host, platform.client))));
  await step(onStep, 'enforced', () => everyHostEnforces(platform.client, hosts.length));
  // From the first second the tenants cannot reach each other: guests start when their hosts already enforce.
  await labUp({ id: options.id, vms, onStep: (s) => s.name.startsWith('vm ') && onStep(s) });
  await step(onStep, 'visible', () =>
    everyVmProtected(
      platform.client,
      vms.map((vm) => vm.name),
    ),
  );
  return resultOf(platform);
}

const platformRunDir = (lab: Lab) => join(lab.dir, 'pg');

async function ensureLabPlatform(lab: Lab, options: CloudOptions): Promise<RunningPlatform> {
  const address = managementAddress(labState(lab).subnet);
  const httpsPort = httpsPortOf(options.httpPort);
  const stateDir = join(lab.dir, 'platform');
  mkdirSync(stateDir, { recursive: true, mode: 0o711 });
  return ensurePlatform(lab, {
    stateDir,
    runDir: platformRunDir(lab),
    httpPort: options.httpPort,
    httpsPort,
    httpsAddress: address,
    publicUrl: `https://${address}:${httpsPort}`,
    createFromClaims: false,
  });
}

/** The API of a lab's platform, by its local socket. */
export const labClient = (lab: Lab) => localClient(join(platformRunDir(lab), 'admin.sock'));

export const labOf = (options: CloudOptions) => locateLab({ id: options.id });
