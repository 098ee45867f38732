import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Calls `restarted` when ovs-vswitchd runs as another process than before. Its database session belongs to
 * ovsdb-server and survives, and so do port numbers; flows and connections do not. The pid file is all that tells.
 */
export function watchSwitchRestart(runDir: string, restarted: () => void, intervalMs = 200): () => void {
  const file = path.join(runDir, 'ovs-vswitchd.pid');
  let known: string | undefined;
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    const pid = await readFile(file, 'utf8').catch(() => undefined);
    looking = false;
    if (pid === undefined || pid.trim() === '') return;
    if (known !== undefined && pid !== known) restarted();
    known = pid;
  };
  void look();
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
