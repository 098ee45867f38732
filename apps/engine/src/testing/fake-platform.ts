import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { CHANNEL_PATH, CHANNEL_PROTOCOL, EngineMessage, type PlatformMessage } from '@hypervigil/contract';
import type { HostFirewallIntent } from '@hypervigil/model';
import { type WebSocket, WebSocketServer } from 'ws';
import { createAuthority, type TestAuthority } from './authority.ts';

export const TOKEN = 'one-time-token-of-the-test';
export const HOST_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

interface Behaviour {
  refuse: boolean;
  acknowledge: boolean;
  clockOffsetMs: number;
  /** Said after each welcome; undefined is a platform that does not know of host firewalls. */
  hostFirewall: HostFirewallIntent | null | undefined;
}

/** A platform at the wire: TLS, enrolment over HTTP, JSON frames on a WebSocket. It remembers and does what it is told. */
export interface FakePlatform {
  readonly url: string;
  readonly authority: TestAuthority;
  /** Everything that engines said, oldest first; each frame was checked against the contract. */
  readonly heard: readonly EngineMessage[];
  /** Frames that the contract does not allow. */
  readonly violations: readonly string[];
  /** How many sessions there were. */
  readonly sessions: number;
  send(message: PlatformMessage): void;
  ping(data: string): void;
  sendRaw(frame: string | Buffer): void;
  /** Resolves with the first message of a type, from `since` on, that the predicate takes. */
  waitFor<T extends EngineMessage['type']>(
    type: T,
    accept?: (message: Extract<EngineMessage, { type: T }>) => boolean,
    since?: number,
  ): Promise<Extract<EngineMessage, { type: T }>>;
  /** Cuts every connection without a goodbye, as a network does. */
  cut(): void;
  /** From now on: whether certificates are accepted, batches acknowledged, what the clock says, and more. */
  readonly behaviour: Behaviour;
  /** Stops listening; `start` listens again on the same port. */
  away(): Promise<void>;
  back(): Promise<void>;
  stop(): Promise<void>;
}

const DEADLINE_MS = 20_000;

/** @param reachedAt another address that leads here, for which its certificate is good */
export async function startFakePlatform(address = '127.0.0.1', reachedAt = address): Promise<FakePlatform> {
  const authority = await createAuthority(reachedAt);
  const behaviour: Behaviour = { refuse: false, acknowledge: true, clockOffsetMs: 0, hostFirewall: undefined };
  const heard: EngineMessage[] = [];
  const violations: string[] = [];
  const waiting = new Set<() => void>();
  const sockets = new Set<TLSSocket>();
  let channel: WebSocket | undefined;
  let tokenUsed = false;
  let sessions = 0;

  const tls = { key: authority.server.key, cert: authority.server.chain, ca: authority.ca };
  const answer = async (request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> => {
    const say = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const { token, csr } = JSON.parse(body.toString()) as { token?: string; csr: string };
    if (request.url === '/api/v1/engine/renew' && (request.socket as TLSSocket).authorized) {
      return say(200, { certificate: await authority.sign(csr, HOST_ID), ca: authority.ca });
    }
    if (request.url !== '/api/v1/engine/enrol' || token !== TOKEN || tokenUsed) {
      const code = tokenUsed ? 'token-used' : 'token-invalid';
      return say(403, { code, message: code, params: {}, problems: [], requestId: 'r' });
    }
    tokenUsed = true;
    const certificate = await authority.sign(csr, HOST_ID);
    say(201, { hostId: HOST_ID, hostName: 'kvm1', certificate, ca: authority.ca });
  };
  const server = https.createServer({ ...tls, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      answer(request, response, Buffer.concat(chunks)).catch((error: unknown) => response.destroy(error as Error));
    });
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const channels = new WebSocketServer({ noServer: true, handleProtocols: () => CHANNEL_PROTOCOL });
  server.on('upgrade', (request, socket, head) => {
    const allowed = (request.socket as TLSSocket).authorized && !behaviour.refuse && request.url === CHANNEL_PATH;
    if (!allowed) return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    channels.handleUpgrade(request, socket, head, (ws) => {
      sessions++;
      channel = ws;
      ws.on('error', () => {});
      ws.on('message', (data) => hear(ws, String(data)));
    });
  });

  const hear = (ws: WebSocket, frame: string): void => {
    const parsed = EngineMessage.safeParse(JSON.parse(frame));
    if (!parsed.success) return void violations.push(parsed.error.message);
    const message = parsed.data;
    heard.push(message);
    const say = (answer: PlatformMessage): void => ws.send(JSON.stringify(answer));
    if (message.type === 'hello') {
      const now = new Date(Date.now() + behaviour.clockOffsetMs).toISOString();
      say({ type: 'welcome', hostId: HOST_ID, now });
      const { hostFirewall } = behaviour;
      if (hostFirewall !== undefined) say({ type: 'host-firewall', intent: hostFirewall });
    }
    if (message.type === 'flows' && behaviour.acknowledge) say({ type: 'flows.stored', batch: message.batch });
    for (const wake of waiting) wake();
  };

  const listen = async (port: number): Promise<number> => {
    server.listen(port, address);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const away = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  };

  return {
    url: `https://${address}:${port}`,
    authority,
    heard,
    violations,
    behaviour,
    get sessions() {
      return sessions;
    },
    send: (message) => channel?.send(JSON.stringify(message)),
    sendRaw: (frame) => channel?.send(frame),
    ping: (data) => channel?.ping(data),
    waitFor(type, accept = () => true, since = 0) {
      type Wanted = Extract<EngineMessage, { type: typeof type }>;
      const { promise, resolve, reject } = Promise.withResolvers<Wanted>();
      const look = (): void => {
        const found = heard.slice(since).find((m): m is Wanted => m.type === type && accept(m as Wanted));
        if (!found) return;
        waiting.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      const timer = setTimeout(() => {
        waiting.delete(look);
        const told = heard.slice(since).map((message) => message.type);
        reject(new Error(`no such ${type} in ${DEADLINE_MS} ms; heard ${told.join(' ') || 'nothing'}`));
      }, DEADLINE_MS);
      waiting.add(look);
      look();
      return promise;
    },
    cut,
    away,
    async back() {
      await listen(port);
    },
    async stop() {
      await away();
      channels.close();
      await authority.remove();
    },
  };
}
