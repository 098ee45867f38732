import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { OvsError } from './errors.ts';

/** A unix socket's path, or a TCP port, with TLS when `tls` is given. */
export type Address = string | { readonly host: string; readonly port: number; readonly tls?: tls.ConnectionOptions };

const connectTimeoutMs = 5_000;

export function describeAddress(address: Address): string {
  if (typeof address === 'string') return address;
  return `${address.tls ? 'ssl' : 'tcp'}:${address.host}:${address.port}`;
}

/** Opens a stream; rejects with `connect-failed` when nobody answers within five seconds. */
export function connectSocket(address: Address): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const ready = typeof address !== 'string' && address.tls ? 'secureConnect' : 'connect';
  const socket = openSocket(address);
  const fail = (cause: unknown): void => {
    clearTimeout(timer);
    socket.destroy();
    reject(
      new OvsError('connect-failed', `No connection to ${describeAddress(address)}. Is the daemon running?`, { cause }),
    );
  };
  const timer = setTimeout(() => fail(new Error(`no answer in ${connectTimeoutMs} ms`)), connectTimeoutMs);
  socket.once('error', fail);
  socket.once(ready, () => {
    clearTimeout(timer);
    socket.off('error', fail);
    resolve(socket);
  });
  return promise;
}

function openSocket(address: Address): net.Socket {
  if (typeof address === 'string') return net.connect({ path: address });
  const { host, port } = address;
  return address.tls ? tls.connect({ ...address.tls, host, port }) : net.connect({ host, port, noDelay: true });
}
