import {
  CHANNEL_MAX_BYTES,
  CHANNEL_PATH,
  CHANNEL_PROTOCOL,
  type EngineMessage,
  type PlatformMessage,
} from '@hypervigil/contract';
import { WebSocket } from 'ws';
import { createBackoff } from '../backoff.ts';
import type { Identity } from '../enrolment/identity.ts';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import { decodeFrame } from './frames.ts';

/** What the platform answered to our greeting, and when: the basis of clock skew. */
export interface Welcome {
  readonly hostId: string;
  /** The platform's clock, milliseconds since 1970, when it answered. */
  readonly platformTime: number;
  /** How long greeting and answer took together, milliseconds. */
  readonly roundTripMs: number;
}

export interface ChannelOptions {
  readonly identity: () => Identity;
  readonly hello: () => EngineMessage;
  /** After each welcome: tell the platform everything, since it may have lost what was sent before. */
  readonly onWelcome: (welcome: Welcome) => void;
  /** The platform's clock, milliseconds since 1970, with each of its pings. */
  readonly onTime: (platformTime: number) => void;
  readonly onMessage: (message: Exclude<PlatformMessage, { type: 'welcome' }>) => void;
  readonly log: Log;
  readonly random: () => number;
  readonly firstWaitMs?: number;
  readonly maxWaitMs?: number;
  readonly pingIntervalMs?: number;
  /** A refused certificate may be a revoked one: go on asking, but seldom. */
  readonly refusedWaitMs?: number;
}

export interface Channel {
  /**
   * False when there is no session: the message is not kept, because every session begins with everything.
   * A peer that does not read is cut off, so that what waits for it stays bounded.
   */
  send(message: EngineMessage): boolean;
  connected(): boolean;
  /** Ends the session, if there is one, and opens another: shows whether this host still reaches the platform. */
  reconnect(): void;
  stop(): Promise<void>;
}

const MAX_WAITING_BYTES = CHANNEL_MAX_BYTES;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** The code with which the platform ends the session of a host whose certificate was revoked. */
const REVOKED = 4003;

/** The platform's clock in its ping; undefined for a ping without one. */
function timeOfPing(data: Buffer): number | undefined {
  const text = data.toString('latin1');
  return /^\d{13}$/.test(text) ? Number(text) : undefined;
}

/** The engine's end of the channel: one WebSocket, opened again and again until stopped. */
export function openChannel(options: ChannelOptions): Channel {
  const {
    identity,
    log,
    random,
    firstWaitMs = 250,
    maxWaitMs = 30_000,
    pingIntervalMs = 10_000,
    refusedWaitMs = 60_000,
  } = options;
  const backoff = createBackoff(firstWaitMs, maxWaitMs, random);
  const stopped = Promise.withResolvers<void>();
  let socket: WebSocket | undefined;
  let welcomed = false;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let lastReason = '';

  const connect = (): void => {
    const { platform, ca, key, certificate } = identity();
    const ws = new WebSocket(new URL(CHANNEL_PATH, platform.replace(/^https/, 'wss')), CHANNEL_PROTOCOL, {
      ca,
      key,
      cert: certificate,
      minVersion: 'TLSv1.3',
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: CHANNEL_MAX_BYTES,
      perMessageDeflate: false,
    });
    socket = ws;
    let helloAt = 0;
    let reason = '';
    let refused = false;
    let heardAt = performance.now();
    const ping = setInterval(() => {
      if (performance.now() - heardAt > 3 * pingIntervalMs) {
        reason = `silent for ${3 * pingIntervalMs} ms`;
        ws.terminate();
      } else if (ws.readyState === WebSocket.OPEN) ws.ping();
    }, pingIntervalMs);
    const heard = (): void => {
      heardAt = performance.now();
    };

    ws.on('open', () => {
      heard();
      helloAt = performance.now();
      ws.send(JSON.stringify(options.hello()));
    });
    ws.on('pong', heard);
    ws.on('ping', (data) => {
      heard();
      const time = timeOfPing(data);
      if (welcomed && time !== undefined) options.onTime(time);
    });
    ws.on('message', (data, isBinary) => {
      heard();
      try {
        if (isBinary) throw new Error('a binary frame');
        const message = decodeFrame(String(data));
        if (message.type === 'welcome') {
          welcomed = true;
          backoff.reset();
          lastReason = '';
          log.info({ hostId: message.hostId }, 'platform connected');
          options.onWelcome({
            hostId: message.hostId,
            platformTime: Date.parse(message.now),
            roundTripMs: performance.now() - helloAt,
          });
        } else if (!welcomed) throw new Error(`${message.type} before welcome`);
        else options.onMessage(message);
      } catch (error) {
        reason = describeError(error).slice(0, 500);
        ws.terminate();
      }
    });
    ws.on('unexpected-response', (request, response) => {
      refused = response.statusCode === 401 || response.statusCode === 403;
      reason = refused
        ? 'the platform refused our certificate: it may be revoked. What was last told stays enforced'
        : `the platform answered ${response.statusCode}`;
      request.destroy();
    });
    ws.on('error', (error) => {
      reason ||= describeError(error);
    });
    ws.once('close', (code, text) => {
      clearInterval(ping);
      welcomed = false;
      socket = undefined;
      if (stopping) return stopped.resolve();
      refused ||= code === REVOKED;
      reason ||= `closed with ${code} ${String(text)}`;
      if (reason !== lastReason) log.warn({ reason }, 'platform away');
      lastReason = reason;
      timer = setTimeout(connect, Math.max(backoff.next(), refused ? refusedWaitMs * (0.5 + random() / 2) : 0));
    });
  };
  connect();

  return {
    send(message) {
      if (!socket || !welcomed || socket.readyState !== WebSocket.OPEN) return false;
      if (socket.bufferedAmount > MAX_WAITING_BYTES) {
        socket.terminate();
        return false;
      }
      socket.send(JSON.stringify(message));
      return true;
    },
    connected: () => welcomed,
    reconnect: () => socket?.terminate(),
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (!socket) return;
      socket.close(1000);
      const cut = setTimeout(() => socket?.terminate(), 1000);
      await stopped.promise;
      clearTimeout(cut);
    },
  };
}
