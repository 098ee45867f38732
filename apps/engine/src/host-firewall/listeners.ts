import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { HostListener } from '@hypervigil/model';
import { decodeSockets, type Socket } from './sockets.ts';

const FILES = [
  ['tcp', 'tcp'],
  ['tcp', 'tcp6'],
  ['udp', 'udp'],
  ['udp', 'udp6'],
] as const;

/** Every TCP and UDP socket of this network namespace; IPv6 may be switched off. */
export async function readSockets(): Promise<Socket[]> {
  const lists = await Promise.all(
    FILES.map(async ([protocol, name]) =>
      decodeSockets(protocol, await readFile(`/proc/self/net/${name}`, 'utf8').catch(() => '')),
    ),
  );
  return lists.flat();
}

/** Tells who listens, and remembers which program has which socket: to find out means to look at every open file. */
export function createListenerWatch(): () => Promise<HostListener[]> {
  let owners: ReadonlyMap<string, string | null> = new Map();
  return async () => {
    const [sockets, ephemeral] = await Promise.all([readSockets(), ephemeralPorts()]);
    const listening = sockets.filter(
      ({ protocol, state, port }) =>
        state === 'listening' &&
        port > 0 &&
        // A UDP socket with a port that the kernel chose asks others, and waits for their answer.
        (protocol === 'tcp' || port < ephemeral.first || port > ephemeral.last),
    );
    if (listening.some(({ inode }) => !owners.has(inode))) {
      const found = await ownersOf(new Set(listening.map(({ inode }) => inode)));
      owners = new Map(listening.map(({ inode }) => [inode, found.get(inode) ?? null]));
    }
    return listening.map(({ protocol, address, port, inode }) => ({
      protocol,
      address,
      port,
      process: owners.get(inode) ?? null,
    }));
  };
}

async function ephemeralPorts(): Promise<{ first: number; last: number }> {
  const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  const [first = 32_768, last = 60_999] = text.trim().split(/\s+/).map(Number);
  return { first, last };
}

/** The names of the programs that have these sockets open. Processes come and go meanwhile. */
async function ownersOf(inodes: ReadonlySet<string>): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (owners.size === inodes.size) break;
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
    const open = links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
    const ours = open.filter((inode) => inodes.has(inode) && !owners.has(inode));
    if (ours.length === 0) continue;
    // Not `comm`, which a thread may set to what it likes. A program that was replaced is marked as deleted.
    const program = await readlink(`/proc/${pid}/exe`).catch(() => '');
    const name = path.basename(program.replace(/ \(deleted\)$/, '')).slice(0, 64);
    for (const inode of ours) owners.set(inode, name);
  }
  return owners;
}
