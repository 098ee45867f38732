import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Receiver } from './udp-load.ts';

export async function startNfcapd(): Promise<Receiver> {
  const folder = await mkdtemp(join(tmpdir(), 'hv-nfcapd-'));
  const { stop, ...receiver } = await startNfcapdIn(folder);
  return {
    ...receiver,
    async stop() {
      await stop();
      const count = await countFlows(folder);
      await rm(folder, { recursive: true, force: true });
      return count;
    },
  };
}

/**
 * Writes what comes to one file of the folder.
 * @param options further arguments of nfcapd
 */
export async function startNfcapdIn(folder: string, options: readonly string[] = []) {
  const port = await freePort();
  const args = ['-w', folder, '-b', '127.0.0.1', '-p', `${port}`, '-t', '86400', '-B', '4194304', ...options];
  const child = spawn('nfcapd', args, { stdio: 'ignore' });
  const deadline = Date.now() + 10_000;
  while (!(await isBound(port))) {
    if (Date.now() > deadline) throw new Error('nfcapd does not listen.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    pid: child.pid!,
    port,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}

async function isBound(port: number): Promise<boolean> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  return (await readFile('/proc/net/udp', 'utf8')).includes(suffix);
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** What nfdump finds in the files that nfcapd wrote (`-I`: "Flows: n"). */
export async function countFlows(folder: string): Promise<number> {
  return Number(/^Flows: (\d+)/m.exec(await nfdump(['-R', folder, '-I']))?.[1] ?? 0);
}

/** @returns what it prints */
export async function nfdump(args: readonly string[]): Promise<string> {
  const child = spawn('nfdump', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`nfdump ${args.join(' ')} failed with ${code}.`);
  return text;
}
