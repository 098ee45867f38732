import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from './errors.ts';
import { type Lab, type LabLocation, locateLab } from './lab.ts';
import { withLock } from './lock.ts';
import { endProcesses, findProcesses, hasEnvironment, isAlive, processesInNetns } from './process.ts';
import { run, runOk } from './run.ts';
import { LAB_VARIABLE } from './spawn.ts';
import { type LabState, readState } from './state.ts';
import { type OnStep, step } from './steps.ts';
import { waitFor } from './wait.ts';

/** How long the platform and the engines may take to end by themselves. */
const GRACE_MS = 5_000;

/**
 * Removes every trace of a lab, whatever state it is in: up, half up, crashed or already down. Touches only what the
 * state file says this lab made, and processes that carry the lab's mark or run inside its namespaces.
 */
export async function labDown(where: LabLocation & { readonly onStep?: OnStep } = {}): Promise<{ removed: boolean }> {
  const lab = locateLab(where);
  const onStep = where.onStep ?? (() => {});
  if (!existsSync(lab.dir)) return { removed: false };
  return withLock(join(dirname(lab.dir), `${lab.id}.lock`), 120_000, async () => {
    if (!existsSync(lab.dir)) return { removed: false };
    const state = readState(lab.dir);
    if (state) {
      await step(onStep, 'end processes', () => endAll(state));
      await step(onStep, 'remove namespaces', () => removeCreated(state));
    }
    await step(onStep, 'remove files', async () => removeFiles(lab));
    return { removed: true };
  }).finally(() => removeEmptyParents(lab));
}

async function endAll(state: LabState): Promise<void> {
  const isInfrastructure = (name: string) => /\/(holder|ovsdb-server|ovs-vswitchd|virtlogd|libvirtd)$/.test(name);
  const services = Object.values(state.processes)
    .filter((p) => !isInfrastructure(p.name))
    .flatMap((p) => (p.identity && isAlive(p.identity) ? [p.identity] : []));
  await endProcesses(services, GRACE_MS);
  const netns = state.created.flatMap((c) => (c.kind === 'netns' ? [c.name] : []));
  // Twice: what is ended may have been starting something.
  for (let pass = 0; pass < 2; pass++) {
    const recorded = Object.values(state.processes).flatMap((p) => p.identity ?? []);
    const marked = findProcesses((pid) => hasEnvironment(pid, LAB_VARIABLE, state.uuid));
    await endProcesses([...recorded, ...marked, ...netns.flatMap(processesInNetns)], 0);
  }
}

async function removeCreated(state: LabState): Promise<void> {
  for (const thing of state.created.toReversed()) {
    if (thing.kind === 'netns' && existsSync(`/run/netns/${thing.name}`))
      await runOk(['ip', 'netns', 'del', thing.name]);
    if (thing.kind === 'link') await run(['ip', 'link', 'del', thing.name]);
  }
  // A namespace's interfaces go a moment after it.
  for (const thing of state.created.filter((c) => c.kind === 'link')) {
    await waitFor(`interface ${thing.name} is gone`, () => !existsSync(`/sys/class/net/${thing.name}`), {
      timeoutMs: 10_000,
    });
  }
}

function removeFiles(lab: Lab): void {
  if (!/\/lab\/[a-z][a-z0-9]*$/.test(lab.dir)) throw new LabError('LAB_STATE', `${lab.dir} is no lab's directory`);
  rmSync(lab.dir, { recursive: true, force: true });
}

function removeEmptyParents(lab: Lab): void {
  for (const dir of [dirname(lab.dir), dirname(dirname(lab.dir))]) {
    try {
      rmdirSync(dir);
    } catch {
      return; // Something else lives there, or another command has just removed it.
    }
  }
}
