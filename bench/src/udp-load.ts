import type { Socket } from 'node:dgram';
import { readdir, readFile } from 'node:fs/promises';

/** A collector under test, in a process of its own. */
export interface Receiver {
  readonly pid: number;
  readonly port: number;
  /** Ends it and tells how many records it took. */
  stop(): Promise<number>;
}

/** Datagrams of one kind. */
export interface Load {
  /** In each datagram of data. */
  readonly records: number;
  readonly templates: readonly Buffer[];
  readonly data: Buffer;
}

/** Of all threads of the process, from the scheduler's own account in nanoseconds. */
export async function cpuSeconds(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8')));
  return times.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e9;
}

const BURST = 32;

/** Sends the templates, then so many datagrams of data. */
export async function send(socket: Socket, port: number, load: Load, datagrams: number): Promise<void> {
  await sendAll(socket, port, load.templates);
  await sendAll(socket, port, repeated(load.data, datagrams));
}

function* repeated(datagram: Buffer, times: number): Generator<Buffer> {
  for (let n = 0; n < times; n++) yield datagram;
}

/** Sends bursts, each when the receiver's queue in the kernel is nearly empty: nothing is lost. */
export async function sendAll(socket: Socket, port: number, datagrams: Iterable<Buffer>): Promise<void> {
  let burst: Promise<void>[] = [];
  for (const datagram of datagrams) {
    burst.push(sendOne(socket, datagram));
    if (burst.length < BURST) continue;
    await Promise.all(burst);
    burst = [];
    while ((await queued(port)) > QUEUE_HIGH) await new Promise(setImmediate);
  }
  await Promise.all(burst);
  while ((await queued(port)) > 0) await new Promise(setImmediate);
}

const QUEUE_HIGH = 60_000;

function sendOne(socket: Socket, datagram: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(datagram, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Octets that wait in the receiver's buffer: rx_queue of /proc/net/udp (proc(5)). */
async function queued(port: number): Promise<number> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const table = await readFile('/proc/net/udp', 'utf8');
  const columns = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, local]) => local?.endsWith(suffix));
  return Number.parseInt(columns?.[4]?.split(':')[1] ?? '0', 16);
}
