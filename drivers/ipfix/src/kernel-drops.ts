import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';

/**
 * How many datagrams the kernel dropped at the socket bound to this port, from /proc/net/udp (proc(5), udp(7)):
 * the last column, in the line whose local address ends with the port in hex.
 * @returns null when there is no such socket in this network namespace
 */
export async function readKernelDrops(host: string, port: number): Promise<number | null> {
  const table = await readFile(isIPv6(host) ? '/proc/net/udp6' : '/proc/net/udp', 'utf8').catch(() => '');
  return findDrops(table, port);
}

/** Sums over sockets on one port: on distinct addresses, or sharing one. */
export function findDrops(table: string, port: number): number | null {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = table.split('\n').slice(1);
  const drops = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local?.endsWith(suffix))
    .map((columns) => Number(columns.at(-1)));
  return drops.length === 0 ? null : drops.reduce((sum, count) => sum + count, 0);
}
