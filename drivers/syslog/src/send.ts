import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { type SyslogMessage, syslogFrame } from './codec.ts';

/** Servers that never close their end are not waited for longer. */
const LINGER_MS = 3_000;

/**
 * Sends a message and closes the connection in order. Syslog has no answers: that it was taken is known no better than by the
 * other side having closed its end without an error after the last byte.
 * @param socket connected; it is closed when this ends, however it ends
 * @param tls of the server's certificate; null is plain TCP
 * @throws errors of the socket and of TLS
 */
export async function sendSyslog(socket: Socket, message: SyslogMessage, tls: ConnectionOptions | null): Promise<void> {
  const stream = tls === null ? socket : connectTls({ ...tls, socket });
  try {
    if (tls !== null) await once(stream, 'secureConnect');
    // Whatever it sends is nobody's to read, but its end must be seen.
    stream.resume();
    const closed = once(stream, 'close');
    stream.end(syslogFrame(message));
    await Promise.race([closed, once(stream, 'finish').then(() => pause(LINGER_MS, undefined, { ref: false }))]);
  } finally {
    stream.destroy();
    socket.destroy();
  }
}
