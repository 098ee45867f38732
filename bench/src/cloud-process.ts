/** The whole product around one host: platform and engine as processes of their own, everything durable. Needs root. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LargeHost } from '@hypervigil/engine/testing';
import { signInFirst, type TestPerson, until } from '@hypervigil/platform/testing';
import { endChild } from './daemon.ts';
import { type EngineProcess, engineProcess } from './engine-process.ts';
import { type HostWatch, watchHost } from './host-watch.ts';
import { startPlatformProcess } from './platform-process.ts';

export interface CloudProcess {
  readonly person: TestPerson;
  readonly engine: EngineProcess;
  readonly host: HostWatch;
  remove(): Promise<void>;
}

/** Resolves when every vNIC of the host is policed. Tenants and network come from what the VMs claim. */
export async function startCloudProcess(host: LargeHost): Promise<CloudProcess> {
  const dir = await mkdtemp(join(tmpdir(), 'hv-'));
  // The database's account has to pass.
  await chmod(dir, 0o711);
  const ending: (() => Promise<void> | void)[] = [() => rm(dir, { recursive: true, force: true })];
  const remove = async (): Promise<void> => {
    for (const end of ending.splice(0).reverse()) await end();
  };
  try {
    const platform = await startPlatformProcess(dir, { 'create-from-claims': 'true' });
    ending.push(() => endChild(platform.child, 'SIGTERM'));
    const person = await signInFirst(platform);
    const engine = await engineProcess(host, await person.client.createEnrolment({ body: { hostName: 'bench' } }));
    ending.push(engine.remove);
    await engine.start();
    await until('every vNIC is policed', () => allPoliced(person, host.ports.length), 120_000);
    const watch = await watchHost(person);
    ending.push(watch.close);
    return { person, engine, host: watch, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function allPoliced({ client }: TestPerson, count: number): Promise<boolean> {
  const { vnics } = await client.getOverview();
  return vnics.total === count && vnics.enforced === count;
}
