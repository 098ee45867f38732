import { statfs } from 'node:fs/promises';
import { hostPaths, type Lab, labState, runInHostOk, spawnInHost, waitFor } from '../../src/index.ts';
import { endProcesses } from '../../src/process.ts';
import { holderOf } from '../../src/spawn.ts';

/** A host's engine with its state on a disk of its own that is soon full. It goes with the host. */
export interface SmallDisk {
  /** Takes every byte that is left or becomes free, as a log that runs away does. */
  fill(): Promise<void>;
  free(): Promise<void>;
  /** Ends the engine without a word, and starts it again; nothing else of the lab is touched. */
  restartEngine(): Promise<void>;
}

/** More than what health calls little, so that the disk is well before it is full. */
const SIZE = '96m';

export async function moveToSmallDisk(lab: Lab, host: string): Promise<SmallDisk> {
  const { engine: dir } = hostPaths(lab, host);
  const name = `${host}/engine`;
  const end = async () => {
    const { identity } = labState(lab).processes[name]!;
    if (identity) await endProcesses([identity], 0);
  };
  const start = () => spawnInHost(lab, host, labState(lab).processes[name]!.argv, { name });
  await end();
  await runInHostOk(lab, host, ['cp', '-a', dir, '/run/engine']);
  await runInHostOk(lab, host, ['mount', '-t', 'tmpfs', '-o', `size=${SIZE},mode=700`, 'hv-small', dir]);
  await runInHostOk(lab, host, ['cp', '-a', '/run/engine/.', dir]);
  await start();
  const filler = `${dir}/filler`;
  const program = `${host}/filler`;
  return {
    async fill() {
      const takeAll = 'while :; do cat /dev/zero >>"$0" 2>/dev/null; sleep 0.1; done';
      await spawnInHost(lab, host, ['sh', '-c', takeAll, filler], { name: program });
      const isFull = async () => (await statfs(`/proc/${holderOf(lab, host).pid}/root${dir}`)).bavail === 0;
      await waitFor('the disk is full', isFull, { timeoutMs: 60_000 });
    },
    async free() {
      const { identity } = labState(lab).processes[program]!;
      if (identity) await endProcesses([identity], 0);
      await runInHostOk(lab, host, ['rm', filler]);
    },
    async restartEngine() {
      await end();
      await start();
    },
  };
}
