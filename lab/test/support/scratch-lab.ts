import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type LabLocation, labDown, locateLab } from '../../src/index.ts';
import { findProcesses, hasEnvironment } from '../../src/process.ts';
import { LAB_VARIABLE } from '../../src/spawn.ts';
import { readState } from '../../src/state.ts';

/** A place for a lab of one test file: its own id and its own state, the machine's image cache. */
export function scratchLab(letter: string): LabLocation & { readonly id: string; readonly stateDir: string } {
  return { id: `${letter}${process.pid.toString(36)}`, stateDir: mkdtempSync('/tmp/hvl-') };
}

/** Whatever on this machine still speaks of a lab; nothing after `down`. */
function traces(where: { readonly id: string; readonly stateDir: string }, uuid: string | undefined): string[] {
  const named = (dir: string) =>
    existsSync(dir)
      ? readdirSync(dir)
          .filter((n) => n.startsWith(where.id))
          .map((n) => join(dir, n))
      : [];
  const processes = uuid === undefined ? [] : findProcesses((pid) => hasEnvironment(pid, LAB_VARIABLE, uuid));
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((l) => l.includes(where.stateDir) || l.includes(`/${where.id}-`));
  return [
    ...named('/run/netns'),
    ...named('/sys/class/net'),
    ...(existsSync(where.stateDir) ? readdirSync(where.stateDir) : []).map((n) => join(where.stateDir, n)),
    ...processes.map((p) => `process ${p.pid}`),
    ...mounts,
  ];
}

const uuidOf = (where: LabLocation): string | undefined => readState(locateLab(where).dir)?.uuid;

/** Takes a lab down, sees that nothing is left, and that a second time finds nothing to do. */
export async function assertLeavesNothing(where: { readonly id: string; readonly stateDir: string }): Promise<void> {
  const uuid = uuidOf(where);
  await labDown(where);
  assert.deepEqual(traces(where, uuid), []);
  assert.deepEqual(await labDown(where), { removed: false });
}

export async function discard(where: { readonly id: string; readonly stateDir: string }): Promise<void> {
  await labDown(where);
  rmSync(where.stateDir, { recursive: true, force: true });
}

/** Runs `labUp` in a process of its own and kills that process the moment a line of its progress matches. */
export async function killedUp(
  where: { readonly id: string; readonly stateDir: string },
  when: RegExp,
): Promise<boolean> {
  const program = join(import.meta.dirname, 'up.ts');
  const child = spawn(process.execPath, [program, where.id, where.stateDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let killed = false;
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (!killed && when.test(said)) killed = child.kill('SIGKILL');
  });
  child.on('close', () => resolve(killed));
  return promise;
}
