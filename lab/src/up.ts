import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from './errors.ts';
import { ensureLibvirt } from './host/libvirt.ts';
import { ensureHostNamespaces } from './host/namespaces.ts';
import { ensureOpenvswitch } from './host/openvswitch.ts';
import { ensureAuthority } from './host/pki.ts';
import { probeAccelerator } from './image/accelerator.ts';
import { ensureImage } from './image/image.ts';
import { type Lab, type LabLocation, labState, locateLab } from './lab.ts';
import { withLock } from './lock.ts';
import { checkHostName, stableUuid } from './names.ts';
import { ensureHostNetwork, ensureNetworks, freeSubnet } from './network.ts';
import { preflight } from './preflight.ts';
import { newState, readState, updateState, writeState } from './state.ts';
import { type OnStep, step } from './steps.ts';
import type { VmRequest } from './vm/spec.ts';
import { ensureVm } from './vm/vm.ts';
import { all } from './wait.ts';

export interface LabPlan extends LabLocation {
  /** `h1` and `h2` unless told. */
  readonly hosts?: readonly string[];
  /** VMs that shall run, each on its host. */
  readonly vms?: readonly VmRequest[];
  readonly onStep?: OnStep;
}

/** Brings a lab up, or what of it is missing. Running it again on a lab that is up changes nothing. */
export async function labUp(plan: LabPlan = {}): Promise<Lab> {
  const lab = locateLab(plan);
  const onStep = plan.onStep ?? (() => {});
  const lacks = await preflight();
  if (lacks.length > 0) {
    throw new LabError(
      'LAB_PREFLIGHT',
      `This machine cannot carry a lab:\n${lacks.map((l) => `- ${l.message}`).join('\n')}`,
    );
  }
  mkdirSync(dirname(lab.dir), { recursive: true, mode: 0o755 });
  await withLock(join(dirname(lab.dir), `${lab.id}.lock`), 120_000, async () => {
    await begin(lab, plan.hosts?.map(checkHostName));
    await all([
      step(onStep, 'guest image', () => chooseImage(lab)),
      step(onStep, 'networks', async () => {
        await ensureNetworks(lab);
        await ensureAuthority(lab);
      }),
    ]);
    await all(labState(lab).hosts.map((host) => step(onStep, `host ${host}`, () => ensureHost(lab, host))));
    await all((plan.vms ?? []).map((vm) => step(onStep, `vm ${vm.name}`, () => ensureVm(lab, vm))));
  });
  return lab;
}

async function begin(lab: Lab, wanted: readonly string[] | undefined): Promise<void> {
  const before = readState(lab.dir);
  const missing = before && wanted?.filter((h) => !before.hosts.includes(h));
  if (missing && missing.length > 0) {
    throw new LabError('LAB_STATE', `Lab ${lab.id} is up without ${missing.join(', ')}; take it down first`);
  }
  if (before) return;
  mkdirSync(lab.dir, { recursive: true, mode: 0o755 });
  writeState(lab.dir, newState(lab.id, randomUUID(), await freeSubnet(lab.id), wanted ?? ['h1', 'h2']));
}

async function chooseImage(lab: Lab): Promise<void> {
  const chosen = labState(lab).image;
  if (chosen && existsSync(chosen.kernel) && existsSync(chosen.initramfs)) return;
  const made = await ensureImage(lab.cacheDir);
  const image = { ...made, type: await probeAccelerator(lab.cacheDir, made) };
  await updateState(lab.dir, (s) => ({ ...s, image }));
}

async function ensureHost(lab: Lab, host: string): Promise<void> {
  const uuid = stableUuid(labState(lab).uuid, `host/${host}`);
  await ensureHostNetwork(lab, host);
  await ensureHostNamespaces(lab, host);
  await all([ensureOpenvswitch(lab, host, uuid), ensureLibvirt(lab, host, uuid)]);
}
