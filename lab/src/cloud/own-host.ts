import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@hypervigil/contract';
import { connectLibvirt } from '@hypervigil/libvirt';
import type { Lab } from '../lab.ts';
import { runOk } from '../run.ts';
import { spawnRoot } from '../spawn.ts';
import { newState, readState, writeState } from '../state.ts';
import { step } from '../steps.ts';
import { hostConnected } from './engines.ts';
import { type CloudOptions, UsageError } from './options.ts';
import { ensurePlatform, type RunningPlatform } from './platform.ts';
import { appCommand } from './program.ts';
import type { Progress } from './progress.ts';
import { httpsPortOf, labOf, resultOf, type UpResult } from './up.ts';

/** Where a platform that is no lab's keeps its data; `hv down` leaves it, `hv down --purge` does not. */
export const PLATFORM_DATA = join(process.env['HV_STATE_DIR'] ?? '/var/lib/hypervigil', 'platform');
/** Sockets of a platform that is no lab's. */
export const RUN_DIR = '/run/hypervigil';
const ENGINE_DATA = join(process.env['HV_STATE_DIR'] ?? '/var/lib/hypervigil', 'engine');

/**
 * Removes what a platform and an engine of this machine have stored, and the rules in its packet filter, which outlive
 * their engine on purpose; the processes have ended.
 */
export async function purgeOwnData(): Promise<void> {
  if (existsSync(join(ENGINE_DATA, 'host-firewall')))
    await runOk(appCommand('engine', ['release']), { timeoutMs: 60_000 });
  for (const dir of [PLATFORM_DATA, ENGINE_DATA]) rmSync(dir, { recursive: true, force: true });
}

/** A record of processes without hosts of its own: `hv down` ends what stands in it. */
function beginRecord(options: CloudOptions): Lab {
  const lab = labOf(options);
  if (readState(lab.dir) === undefined) {
    mkdirSync(lab.dir, { recursive: true, mode: 0o755 });
    writeState(lab.dir, newState(lab.id, randomUUID(), 0, []));
  }
  return lab;
}

function ensureOwnPlatform(lab: Lab, options: CloudOptions, httpsAddress: string): Promise<RunningPlatform> {
  mkdirSync(PLATFORM_DATA, { recursive: true, mode: 0o711 });
  return ensurePlatform(lab, {
    stateDir: PLATFORM_DATA,
    runDir: RUN_DIR,
    httpPort: options.httpPort,
    httpsPort: httpsPortOf(options.httpPort),
    httpsAddress,
    publicUrl: httpsAddress === '127.0.0.1' ? `https://127.0.0.1:${httpsPortOf(options.httpPort)}` : null,
    createFromClaims: false,
  });
}

/** `hv up --platform`: the platform alone, reachable for hosts, and the line with which one joins. */
export async function platformUp(
  options: CloudOptions,
  progress: Progress,
): Promise<UpResult & { readonly join: string }> {
  const lab = beginRecord(options);
  const platform = await step(progress.onStep, 'platform', () => ensureOwnPlatform(lab, options, '0.0.0.0'));
  const hostName = await freeHostName(platform.client);
  const { command } = await platform.client.createEnrolment({ body: { hostName } });
  return { ...(await resultOf(platform)), join: command };
}

/** `host-1`, or the next that no host has. */
async function freeHostName(client: Client): Promise<string> {
  const taken = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Awaited<ReturnType<Client['listHosts']>> = await client.listHosts({
      query: { limit: 1000, ...(cursor === '' ? {} : { cursor }) },
    });
    for (const { name } of page.items) taken.add(name);
    cursor = page.next;
  }
  let number = 1;
  while (taken.has(`host-${number}`)) number++;
  return `host-${number}`;
}

/** Asked before anything is started, so that a wrong address leaves nothing behind. */
async function requireLibvirt(uri: string): Promise<void> {
  try {
    const libvirt = await connectLibvirt(uri);
    await libvirt.close();
  } catch (cause) {
    throw new UsageError('no-libvirt', (cause as Error).message, { cause });
  }
}

/** `hv up --connect URI`: the platform on this machine, and an engine for the libvirt that is there already. */
export async function connectUp(
  options: CloudOptions,
  uri: string,
  progress: Progress,
): Promise<UpResult & { readonly polices: boolean }> {
  await step(progress.onStep, 'libvirt', () => requireLibvirt(uri));
  const lab = beginRecord(options);
  const platform = await step(progress.onStep, 'platform', () => ensureOwnPlatform(lab, options, '127.0.0.1'));
  const name = hostname().split('.')[0] || 'host-1';
  await step(progress.onStep, `engine ${name}`, async () => {
    if (!existsSync(join(ENGINE_DATA, 'identity.json'))) {
      const { url, token, caFingerprint } = await platform.client.createEnrolment({ body: { hostName: name } });
      const args = [
        'join',
        '--platform',
        url,
        '--token',
        token,
        '--ca-fingerprint',
        caFingerprint,
        '--state-dir',
        ENGINE_DATA,
      ];
      await runOk(appCommand('engine', args), { timeoutMs: 30_000 });
    }
    await spawnRoot(lab, appCommand('engine', ['run', '--state-dir', ENGINE_DATA, '--libvirt-uri', uri]), {
      name: 'engine',
    });
  });
  const { polices } = await step(progress.onStep, 'connected', () => hostConnected(platform.client, name));
  return { ...(await resultOf(platform)), polices };
}
