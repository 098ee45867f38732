import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { waitFor } from './wait.ts';

/**
 * Which process a pid meant when it was written down. A pid alone is reused; pid, start time (clock ticks since boot,
 * field 22 of proc_pid_stat(5)) and boot id together are not.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: number;
  readonly bootId: string;
}

export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** The start time and state in a line of /proc/PID/stat; the command's name may hold spaces and brackets. */
export function parseStat(stat: string): { state: string; startTicks: number } | undefined {
  const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = rest[0];
  const startTicks = Number(rest[19]);
  return state && Number.isSafeInteger(startTicks) ? { state, startTicks } : undefined;
}

/** undefined when no such process runs (a zombie does not run). */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (!stat || stat.state === 'Z' || stat.state === 'X') return undefined;
    return { pid, startTicks: stat.startTicks, bootId: bootId() };
  } catch {
    return undefined;
  }
}

export function isAlive(id: ProcessIdentity): boolean {
  const now = identify(id.pid);
  return now !== undefined && now.startTicks === id.startTicks && now.bootId === id.bootId;
}

function signal(id: ProcessIdentity, name: 'SIGTERM' | 'SIGKILL'): void {
  if (!isAlive(id)) return;
  try {
    process.kill(id.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Asks processes to end, then insists. Never touches a pid that has been reused. */
export async function endProcesses(ids: readonly ProcessIdentity[], graceMs: number): Promise<void> {
  const gone = () => ids.every((id) => !isAlive(id));
  if (graceMs > 0) {
    for (const id of ids) signal(id, 'SIGTERM');
    await waitFor('processes end', gone, { timeoutMs: graceMs }).catch(() => {});
  }
  for (const id of ids) signal(id, 'SIGKILL');
  await waitFor('killed processes are gone', gone, { timeoutMs: 60_000 });
}

/** Every running process for which `pick` says yes. */
export function findProcesses(pick: (pid: number) => boolean): ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && pick(pid))
    .flatMap((pid) => identify(pid) ?? []);
}

/** True when the process was started with this variable in its environment. */
export function hasEnvironment(pid: number, name: string, value: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${name}=${value}`);
  } catch {
    return false;
  }
}

/** The kernel's name of a process's namespace, such as `net:[4026532281]`. */
export function namespaceOf(pid: number | 'self', kind: 'net' | 'mnt' | 'uts'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return undefined;
  }
}

/** Every process inside a named network namespace; none when there is no such namespace. */
export function processesInNetns(name: string): ProcessIdentity[] {
  const handle = statSync(`/run/netns/${name}`, { throwIfNoEntry: false });
  if (!handle) return [];
  const wanted = `net:[${handle.ino}]`;
  if (wanted === namespaceOf('self', 'net')) return [];
  return findProcesses((pid) => namespaceOf(pid, 'net') === wanted);
}
