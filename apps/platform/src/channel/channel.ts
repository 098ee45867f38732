import type { EngineMessage, PlatformMessage } from '@hypervigil/contract';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { EngineIdentity } from '../ca/engine-identity.ts';
import { decodeFrame, encodeFrame, FrameError } from './frames.ts';

/** Close codes of ours (RFC 6455, 7.4.2: 4000 – 4999 are for applications). */
export const CLOSE = { badFrame: 4000, replaced: 4001, revoked: 4003, stopping: 1001, tryAgain: 1013 } as const;

/** One connected engine. */
export interface Channel {
  readonly id: string;
  readonly engine: EngineIdentity;
  send(message: PlatformMessage): void;
  close(code: number, reason: string): void;
}

/** A channel whose engine has said hello. */
export interface GreetedChannel extends Channel {
  /** Of the engine's process: what was sent to another one may be lost. */
  readonly processId: string;
  /** What of the contract it knows beyond its first form. */
  readonly features: readonly string[];
}

export interface ChannelHandler {
  /** Messages come one after the other; the next one waits for this one's promise. */
  message(message: EngineMessage): Promise<void>;
  /** Once, after the last message. */
  closed(): Promise<void>;
}

const PING_MS = 2_000;
/** An engine that was silent for this long is gone, whatever TCP thinks. */
const SILENT_MS = 6_000;
/** Messages that may wait for us; then the socket is not read, and TCP slows the engine down. */
const MAX_WAITING = 16;
/** An engine that does not read what we send is cut before it costs more memory. */
const MAX_UNSENT_BYTES = 256 * 1024 * 1024;

/**
 * Turns a WebSocket into a {@link Channel}: order, back-pressure, liveness. Resolves when the socket has closed and the
 * handler has been told.
 */
export function openChannel(
  socket: WebSocket,
  about: { id: string; engine: EngineIdentity; logger: Logger },
  handle: (channel: Channel) => ChannelHandler,
): Promise<void> {
  const { id, engine, logger } = about;
  const ended = Promise.withResolvers<void>();
  let heard = performance.now();
  let waiting = 0;
  let working = Promise.resolve();

  const channel: Channel = Object.freeze({
    id,
    engine,
    send(message: PlatformMessage) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAX_UNSENT_BYTES) socket.terminate();
      else socket.send(encodeFrame(message));
    },
    close: (code: number, reason: string) => socket.close(code, reason.slice(0, 120)),
  });
  const handler = handle(channel);

  async function take(data: Buffer, isBinary: boolean): Promise<void> {
    if (socket.readyState !== socket.OPEN) return;
    try {
      await handler.message(decodeFrame(data, isBinary));
    } catch (error) {
      logger.warn({ err: error, hostId: engine.hostId }, 'a message of an engine could not be taken in');
      const isFrame = error instanceof FrameError;
      channel.close(isFrame ? CLOSE.badFrame : CLOSE.tryAgain, isFrame ? error.message : 'try again');
      // A peer that does not answer the close gets no more of our time.
      setTimeout(() => socket.terminate(), 1_000).unref();
    }
  }

  socket.on('message', (data, isBinary) => {
    heard = performance.now();
    waiting += 1;
    if (waiting >= MAX_WAITING) socket.pause();
    working = working
      .then(() => take(data as Buffer, isBinary))
      .finally(() => {
        waiting -= 1;
        if (waiting < MAX_WAITING && socket.isPaused) socket.resume();
      });
  });
  socket.on('pong', () => {
    heard = performance.now();
  });
  const pulse = setInterval(() => {
    // While we do not read, we do not hear.
    if (!socket.isPaused && performance.now() - heard > SILENT_MS) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping(String(Date.now()));
  }, PING_MS);
  socket.on('error', (error) => logger.info({ err: error, hostId: engine.hostId }, 'a channel broke'));
  socket.on('close', (code) => {
    clearInterval(pulse);
    logger.info({ hostId: engine.hostId, code }, 'a channel closed');
    working = working
      .then(() => handler.closed())
      .catch((error: Error) => logger.warn({ err: error, hostId: engine.hostId }, 'leaving could not be recorded'))
      .finally(ended.resolve);
  });
  return ended.promise;
}
