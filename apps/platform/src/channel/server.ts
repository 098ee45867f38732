import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CHANNEL_MAX_BYTES, CHANNEL_PATH, CHANNEL_PROTOCOL } from '@hypervigil/contract';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { identifyEngine } from '../ca/engine-identity.ts';
import { ApiFailure } from '../errors.ts';
import { type Database, isUnavailable } from '../state/database.ts';
import { type Channel, type ChannelHandler, CLOSE, openChannel } from './channel.ts';

export interface ChannelServer {
  /** Resolves when every channel has ended, and that its host left is recorded. */
  close(): Promise<void>;
}

const SHUTDOWN_MS = 2_000;

/** Accepts engines on the TLS listener; whoever has no good certificate is answered with a plain HTTP error. */
export function serveChannels(
  server: Server,
  deps: { db: Database; logger: Logger },
  handle: (channel: Channel) => ChannelHandler,
): ChannelServer {
  const { db, logger } = deps;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: CHANNEL_MAX_BYTES,
    // Inventories shrink to a tenth, and a frame is bounded after inflation as before (maxPayload).
    perMessageDeflate: { threshold: 16 * 1024, zlibDeflateOptions: { level: 1 } },
    handleProtocols: (protocols) => (protocols.has(CHANNEL_PROTOCOL) ? CHANNEL_PROTOCOL : false),
  });

  const open = new Set<Promise<void>>();
  let isClosing = false;

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const engine = await identifyEngine(db, request);
    if (socket.destroyed) return;
    if (isClosing) return refuse(socket, 503);
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const ended = openChannel(ws, { id: randomUUID(), engine, logger }, handle);
      open.add(ended);
      void ended.finally(() => open.delete(ended));
    });
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    // Not `new URL`: it throws on what anybody may send (`//`), and nothing above us would catch that.
    const [path] = (request.url ?? '').split('?');
    if (path !== CHANNEL_PATH) return refuse(socket, 404);
    upgrade(request, socket, head).catch((error: Error) => {
      logger.info({ err: error, source: request.socket.remoteAddress }, 'an engine was refused');
      refuse(socket, error instanceof ApiFailure ? error.status : isUnavailable(error) ? 503 : 500);
    });
  });

  return {
    async close() {
      isClosing = true;
      for (const ws of sockets.clients) ws.close(CLOSE.stopping, 'the platform stops');
      const deadline = setTimeout(() => {
        for (const ws of sockets.clients) ws.terminate();
      }, SHUTDOWN_MS);
      await Promise.all(open);
      clearTimeout(deadline);
      sockets.close();
    },
  };
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
