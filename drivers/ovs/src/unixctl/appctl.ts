import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { OvsError } from '../errors.ts';
import { createRpc } from '../ovsdb/rpc.ts';
import { connectSocket } from '../socket.ts';

/** Runs commands of a daemon, as `ovs-appctl` does, over its control socket. */
export interface Appctl {
  /** The command's output. Rejects with `rpc-error` and the daemon's words when it refuses. */
  run(command: string, ...args: readonly string[]): Promise<string>;
}

/** A connection-tracking dump of a million entries is about 200 MB in one JSON string. */
const limits = { maxBytes: 400 << 20, maxDepth: 8 };
const timeoutMs = 30_000;

/** Finds the socket by the daemon's pid file at each command, so that a restarted daemon is found again. */
export function createAppctl(runDir: string, daemon = 'ovs-vswitchd'): Appctl {
  return {
    async run(command, ...args) {
      const stream = await connectSocket(await controlSocket(runDir, daemon));
      const rpc = createRpc(stream, { peer: daemon, timeoutMs, limits });
      try {
        const output = await rpc.request(command, args);
        if (typeof output !== 'string') throw new OvsError('protocol', `${daemon} answered ${command} with no text.`);
        return output;
      } finally {
        rpc.close();
      }
    },
  };
}

async function controlSocket(runDir: string, daemon: string): Promise<string> {
  const pidFile = path.join(runDir, `${daemon}.pid`);
  let text: string;
  try {
    text = await readFile(pidFile, 'utf8');
  } catch (cause) {
    throw new OvsError('connect-failed', `${daemon} has no pid file in ${runDir}. Is it running?`, { cause });
  }
  const pid = text.trim();
  if (!/^\d+$/.test(pid)) throw new OvsError('connect-failed', `${pidFile} holds no process id.`);
  return path.join(runDir, `${daemon}.${pid}.ctl`);
}
