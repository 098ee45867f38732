import { readFile } from 'node:fs/promises';
import { connect as connectSocket, isIP, type NetConnectOpts, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { LibvirtError } from './errors.ts';
import type { Transport } from './uri.ts';

const RECEIVED = 65_536;

/**
 * Opens the byte stream that a session speaks over. Rejects with `cannot-connect` or `tls-failed`. The bytes of a
 * `data` event hold until its listeners return: who keeps some copies them.
 */
export async function openTransport(transport: Transport, signal: AbortSignal): Promise<Socket> {
  switch (transport.kind) {
    case 'unix':
      return ready(openPlain({ path: transport.path }), 'connect', transport.path, signal);
    case 'tcp': {
      const { host, port } = transport;
      return ready(openPlain({ host, port, noDelay: true, keepAlive: true }), 'connect', `${host}:${port}`, signal);
    }
    case 'tls':
      return openTls(transport, signal);
  }
}

/**
 * A socket that receives into the same memory again and again. The daemon writes each reply by itself, and a stream of
 * Node's takes 64 KiB and a turn of its own machinery for each: a quarter of what reading an inventory costs.
 */
function openPlain(to: NetConnectOpts): Socket {
  const received = Buffer.allocUnsafeSlow(RECEIVED);
  const callback = (size: number) => {
    socket.emit('data', received.subarray(0, size));
    return true;
  };
  const socket: Socket = connectSocket({ ...to, onread: { buffer: received, callback } });
  return socket;
}

async function openTls(target: Transport & { kind: 'tls' }, signal: AbortSignal): Promise<Socket> {
  const { host, port, pkiPath, verify } = target;
  const [ca, cert, key] = await Promise.all(pkiFiles(pkiPath).map(readCredential));
  const socket = connectTls({
    host,
    port,
    ca,
    cert,
    key,
    rejectUnauthorized: verify,
    ...(isIP(host) === 0 && { servername: host }),
  });
  socket.setNoDelay(true).setKeepAlive(true);
  await ready(socket, 'secureConnect', `${host}:${port}`, signal);
  await awaitAdmission(socket, `${host}:${port}`, signal);
  return socket;
}

/** libvirt's places of client credentials below `pkipath`, or in /etc/pki (https://libvirt.org/tlscerts.html). */
function pkiFiles(pkiPath: string): string[] {
  return pkiPath === '/etc/pki'
    ? ['/etc/pki/CA/cacert.pem', '/etc/pki/libvirt/clientcert.pem', '/etc/pki/libvirt/private/clientkey.pem']
    : [join(pkiPath, 'cacert.pem'), join(pkiPath, 'clientcert.pem'), join(pkiPath, 'clientkey.pem')];
}

async function readCredential(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LibvirtError('tls-failed', `the TLS credential ${path} cannot be read`, { cause });
  }
}

/**
 * The daemon judges the client's certificate after the handshake and says yes with one byte of value 1
 * (virnetclient.c, virNetClientSetTLSSession); a no is a closed connection.
 */
async function awaitAdmission(socket: TLSSocket, address: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const refuse = (cause?: unknown) =>
    reject(new LibvirtError('tls-failed', `${address} did not accept this client's certificate`, { cause }));
  const closed = () => refuse();
  const readable = () => {
    const byte = socket.read(1) as Buffer | null;
    if (byte === null) return;
    if (byte[0] === 1) resolve();
    else refuse();
  };
  socket.on('readable', readable).on('error', refuse).on('close', closed).on('end', closed);
  const aborted = () => reject(signal.reason);
  signal.addEventListener('abort', aborted, { once: true });
  try {
    await promise;
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', aborted);
    socket.off('readable', readable).off('error', refuse).off('close', closed).off('end', closed);
  }
}

async function ready<S extends Socket>(socket: S, event: string, address: string, signal: AbortSignal): Promise<S> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const aborted = () => reject(signal.reason);
  signal.addEventListener('abort', aborted, { once: true });
  socket.once(event, resolve).once('error', reject);
  if (signal.aborted) aborted();
  try {
    await promise;
    return socket;
  } catch (cause) {
    socket.on('error', () => undefined).destroy();
    throw connectError(address, cause);
  } finally {
    signal.removeEventListener('abort', aborted);
    socket.off(event, resolve).off('error', reject);
  }
}

const HINTS: Record<string, string> = {
  ENOENT: 'the socket does not exist: is the daemon running?',
  ECONNREFUSED: 'nothing listens there: is the daemon running?',
  EACCES: "this user may not use the socket: run as root or join the group 'libvirt'",
};

function connectError(address: string, cause: unknown): Error {
  if (cause instanceof LibvirtError) return cause;
  const { code = '', syscall } = cause as NodeJS.ErrnoException;
  // Before the handshake a system call fails; in it, anything else does.
  if (syscall === undefined && code !== '')
    return new LibvirtError('tls-failed', `${address}: the certificates do not fit`, { cause });
  return new LibvirtError('cannot-connect', `${address}: ${HINTS[code] ?? 'no connection'}`, { cause });
}
