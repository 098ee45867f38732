import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import type { Block } from '@hypervigil/policy';
import { guardedLookup, requireAllowedHost } from './guard.ts';

/**
 * Connects to a server that somebody has named.
 * @param signal cuts the connection, whenever it comes
 * @throws ForbiddenAddress, and errors of the socket
 */
export async function connectOutward(
  { host, port }: { readonly host: string; readonly port: number },
  { allowed, signal }: { readonly allowed: readonly Block[]; readonly signal: AbortSignal },
): Promise<Socket> {
  signal.throwIfAborted();
  requireAllowedHost(host, allowed);
  const socket = connectTcp({ host, port, lookup: guardedLookup(allowed) });
  const cut = () => socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', cut, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', cut));
  await once(socket, 'connect');
  return socket;
}
