import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { EngineMessage, FlowRecord } from '@hypervigil/contract';
import type { IntentExporter } from '@hypervigil/model';
import { createExporters, type Exporters } from '../exporters/exporters.ts';
import { createExporterStore } from '../exporters/stored.ts';
import { silentLog } from './silent-log.ts';

type ExportersMessage = Extract<EngineMessage, { type: 'exporters' }>;

/** An engine's exporters, and what they had to say. */
export interface Listening {
  readonly exporters: Exporters;
  /** The last report. */
  told(): ExportersMessage | undefined;
  /** All records so far. */
  records(): FlowRecord[];
  stop(): Promise<void>;
}

/** @param stateDir of an engine that ran before; a directory of its own by default */
export async function startListening(stateDir?: string): Promise<Listening & { readonly stateDir: string }> {
  const dir = stateDir ?? (await mkdtemp('/tmp/hv-exporters-'));
  const messages: ExportersMessage[] = [];
  const records: FlowRecord[] = [];
  const exporters = await createExporters({
    store: createExporterStore(dir),
    networkOfVlan: (vlan) => (vlan === 101 ? 7 : 0),
    now: Date.now,
    steady: () => performance.now(),
    send(message) {
      if (message.type === 'exporters') messages.push(message);
      return true;
    },
    log: silentLog,
  });
  return {
    exporters,
    stateDir: dir,
    told() {
      exporters.report();
      return messages.at(-1);
    },
    records() {
      records.push(...exporters.drain(1000));
      return records;
    },
    async stop() {
      await exporters.stop();
      if (stateDir === undefined) await rm(path.resolve(dir), { recursive: true, force: true });
    },
  };
}

/** A port of UDP that nobody has. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

export const exporterOn = (port: number, more: Partial<IntentExporter> = {}): IntentExporter => ({
  ...{ id: randomUUID(), address: '127.0.0.1', listen: '127.0.0.1', port, protocol: 'ipfix' },
  ...{ sampling: 1, network: null },
  ...more,
});

/** Sends datagrams one after the other from an address of this machine. */
export async function sendFrom(address: string, port: number, datagrams: readonly Uint8Array[]): Promise<void> {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  for (const datagram of datagrams)
    await new Promise<void>((resolve, reject) =>
      socket.send(datagram, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
    );
  await new Promise<void>((resolve) => socket.close(resolve));
}
