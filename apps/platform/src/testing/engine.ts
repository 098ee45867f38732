import { webcrypto } from 'node:crypto';
import { request } from 'node:https';
import {
  CHANNEL_PATH,
  CHANNEL_PROTOCOL,
  type EngineMessage,
  type ObservedVm,
  PlatformMessage,
} from '@hypervigil/contract';
import type { HostIntent } from '@hypervigil/model';
import { applyPatch } from '@hypervigil/policy';
import WebSocket from 'ws';
import { ALGORITHM } from '../ca/authority.ts';
import * as x509 from '../ca/x509.ts';
import type { RunningPlatform } from '../compose.ts';
import type { TestPerson } from './person.ts';
import { until } from './until.ts';

export interface Credentials {
  readonly hostId: string;
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

/** A certificate request, and the private key that goes with it, both PEM. */
export async function createRequest(name = 'CN=engine'): Promise<{ csr: string; key: string }> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: ALGORITHM });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { csr: csr.toString('pem'), key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') };
}

/** Joins as an engine does: token and request in, certificate out. */
export async function enrol(platform: RunningPlatform, person: TestPerson, hostName: string): Promise<Credentials> {
  const { token } = await person.client.createEnrolment({ body: { hostName } });
  const { csr, key } = await createRequest();
  const answer = await postTls(platform, '/api/v1/engine/enrol', { token, csr });
  const { hostId, certificate, ca } = answer.body as { hostId: string; certificate: string; ca: string };
  return { hostId, key, cert: certificate, ca };
}

/** A POST through the TLS door, with or without a client certificate. */
export function postTls(
  platform: RunningPlatform,
  path: string,
  body: unknown,
  client?: { key: string; cert: string },
): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: platform.httpsPort,
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        ca: platform.caPem,
        agent: false,
        ...client,
      },
      (response) => {
        const read = response.toArray().then((chunks) => {
          const text = chunks.join('');
          return { status: response.statusCode ?? 0, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
        });
        resolve(read);
      },
    );
    call.once('error', reject);
    call.end(JSON.stringify(body));
  });
}

export const FACTS = {
  hostname: 'h1',
  arch: 'x86_64',
  cpus: 2,
  memoryMiB: 4096,
  kernel: '6.1',
  libvirt: '9.0.0',
  hypervisor: 'QEMU 7.2',
  ovs: '3.1.0',
  engine: '0.1.0',
};

/** An engine as far as the platform can tell: it speaks the channel's words, and holds the intent that it is sent. */
export interface TestEngine {
  readonly received: PlatformMessage[];
  readonly socket: WebSocket;
  intent(): HostIntent | undefined;
  send(message: EngineMessage): void;
  /** The first message of this type that has come or comes, at or after `from` in {@link received}. */
  expect<T extends PlatformMessage['type']>(type: T, from?: number): Promise<Extract<PlatformMessage, { type: T }>>;
  closed(): Promise<number>;
  closeCode(): number | undefined;
  close(): void;
}

export interface EngineOptions {
  readonly intentRevision?: number;
  readonly processId?: string;
  readonly features?: readonly string[];
  /** Says `applied` for every intent that comes. */
  readonly obedient?: boolean;
}

export async function connectEngine(
  platform: Pick<RunningPlatform, 'httpsPort'>,
  credentials: Credentials,
  options: EngineOptions = {},
): Promise<TestEngine> {
  const engine = await openSocket(platform, credentials, options);
  engine.send({
    type: 'hello',
    facts: FACTS,
    intentRevision: options.intentRevision ?? 0,
    policyRevision: 0,
    processId: options.processId ?? 'process',
    sentAt: new Date().toISOString(),
    ...(options.features && { features: [...options.features] }),
  });
  await until('welcomed or turned away', () => engine.closeCode() ?? engine.received.some((m) => m.type === 'welcome'));
  if (engine.closeCode() !== undefined) throw new Error(`turned away with ${engine.closeCode()}`);
  return engine;
}

export async function openSocket(
  platform: Pick<RunningPlatform, 'httpsPort'>,
  { key, cert, ca }: Pick<Credentials, 'key' | 'cert' | 'ca'>,
  options: EngineOptions = {},
): Promise<TestEngine> {
  const url = `wss://127.0.0.1:${platform.httpsPort}${CHANNEL_PATH}`;
  const socket = new WebSocket(url, CHANNEL_PROTOCOL, { key, cert, ca });
  const received: PlatformMessage[] = [];
  let intent: HostIntent | undefined;
  let closeCode: number | undefined;
  const send = (message: EngineMessage) => socket.send(JSON.stringify(message));

  function take(message: PlatformMessage): void {
    if (message.type === 'intent') intent = message.intent;
    else if (message.type !== 'intent.patch') return;
    else if (intent?.revision === message.patch.base) intent = applyPatch(intent, message.patch);
    else {
      send({ type: 'intent.wanted', have: intent?.revision ?? 0 });
      return;
    }
    if (options.obedient) send(appliedOf(intent));
  }

  socket.on('message', (data) => {
    const message = PlatformMessage.parse(JSON.parse(String(data)));
    received.push(message);
    take(message);
  });
  socket.on('close', (code) => {
    closeCode = code;
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  return {
    received,
    socket,
    intent: () => intent,
    send,
    expect: (type, from = 0) =>
      until(`a message ${type}`, () => received.slice(from).find((message) => message.type === type)) as never,
    closed: () => until('the channel is closed', () => closeCode),
    closeCode: () => closeCode,
    close: () => socket.close(),
  };
}

function appliedOf({ revision, policyRevision }: HostIntent): EngineMessage {
  return { type: 'applied', revision, policyRevision, error: null, flows: 0, tookMs: 1 };
}

/** A VM as an engine sees it; the number makes its ids and addresses. */
export function observedVm(n: number, change: Partial<ObservedVm> = {}): ObservedVm {
  const hex = n.toString(16).padStart(12, '0');
  const mac = `52:54:00:${hex.slice(-6).match(/../g)!.join(':')}`;
  return {
    id: `00000000-0000-4000-8000-${hex}`,
    name: `vm-${String(n).padStart(5, '0')}`,
    state: 'running',
    vcpus: 1,
    memoryMiB: 256,
    hypervisor: 'kvm',
    incoming: false,
    claims: { tenant: null, tags: {} },
    vnics: [
      {
        id: `00000000-0000-4000-9000-${hex}`,
        mac,
        device: `tap${n}`,
        bridge: 'br-int',
        ofport: (n % 60_000) + 1,
        enforced: true,
        onSwitch: true,
        claims: { network: null, ipv4: [`10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`], ipv6: [] },
      },
    ],
    ...change,
  };
}
