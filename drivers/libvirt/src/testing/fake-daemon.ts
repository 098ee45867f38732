import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameSplitter } from '../rpc/framing.ts';

export interface FakePacket {
  program: number;
  procedure: number;
  type: number;
  serial: number;
  status: number;
  payload: Buffer;
}

/** Answers a packet with bytes, at once or later, through `send`. */
export type FakeAnswer = (packet: FakePacket, send: (...packets: Buffer[]) => void, socket: Socket) => void;

export interface FakeDaemon {
  /** An address of one of its drivers, such as `test:///default`. */
  uri(driver: string): string;
  /** Everything that clients sent, but keepalive. */
  received: FakePacket[];
  stop(): Promise<void>;
}

export const REMOTE = 0x20008086;
export const QEMU = 0x20008087;
export const KEEPALIVE = 0x6b656570;

/**
 * A daemon of bytes: it knows packets and nothing of what is in them. Answers are found by program and procedure; a
 * procedure without one gets what libvirtd says of procedures it does not know.
 */
export async function startFakeDaemon(answers: ReadonlyMap<string, FakeAnswer>): Promise<FakeDaemon> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-libvirt-'));
  const path = join(folder, 'socket');
  const received: FakePacket[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    const splitter = new FrameSplitter();
    const send = (...packets: Buffer[]) => void socket.write(Buffer.concat(packets));
    socket.on('data', (chunk: Buffer) => {
      for (const frame of splitter.push(chunk)) {
        const packet = readPacket(frame);
        if (packet.program !== KEEPALIVE) received.push(packet);
        const answer = answers.get(key(packet.program, packet.procedure)) ?? unknownProcedure;
        answer(packet, send, socket);
      }
    });
  });
  await once(server.listen(path), 'listening');
  return {
    uri: (driver) => `${driver.replace('://', '+unix://')}?socket=${encodeURIComponent(path)}`,
    received,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

export function key(program: number, procedure: number): string {
  return `${program}:${procedure}`;
}

const TYPE = { reply: 1, message: 2, stream: 3, hole: 6 } as const;
const STATUS = { ok: 0, error: 1, continue: 2 } as const;

export function reply({ program, procedure, serial }: FakePacket, payload: Buffer = Buffer.alloc(0)): Buffer {
  return packet(program, procedure, TYPE.reply, serial, STATUS.ok, payload);
}

export function failure({ program, procedure, serial }: FakePacket, error: Buffer): Buffer {
  return packet(program, procedure, TYPE.reply, serial, STATUS.error, error);
}

export function eventPacket(procedure: number, payload: Buffer, program: number = REMOTE): Buffer {
  return packet(program, procedure, TYPE.message, 0, STATUS.ok, payload);
}

export function streamPacket(
  { program, procedure, serial }: FakePacket,
  status: keyof typeof STATUS,
  payload: Buffer = Buffer.alloc(0),
  type: 'stream' | 'hole' = 'stream',
): Buffer {
  return packet(program, procedure, TYPE[type], serial, STATUS[status], payload);
}

/** A `remote_error` of VIR_FROM_RPC with a message and nothing else. */
export function errorPayload(code: number, message: string, domain = 7): Buffer {
  const text = Buffer.alloc((Buffer.byteLength(message) + 3) & ~3);
  text.write(message);
  // code, domain, [message], level error, then: no domain, three strings, two numbers, no network.
  return Buffer.concat([words(code, domain, 1, Buffer.byteLength(message)), text, words(2, 0, 0, 0, 0, 0, 0, 0)]);
}

export function keepAlivePacket(procedure: 1 | 2): Buffer {
  return packet(KEEPALIVE, procedure, TYPE.message, 0, STATUS.ok, Buffer.alloc(0));
}

const unknownProcedure: FakeAnswer = (call, send) =>
  send(failure(call, errorPayload(39, `unknown procedure: ${call.procedure}`)));

function packet(program: number, procedure: number, type: number, serial: number, status: number, payload: Buffer) {
  return Buffer.concat([words(28 + payload.length, program, 1, procedure, type, serial, status), payload]);
}

function readPacket(frame: Buffer): FakePacket {
  const [program, , procedure, type, serial, status] = Array.from({ length: 6 }, (_, at) => frame.readUInt32BE(at * 4));
  return {
    program: program!,
    procedure: procedure!,
    type: type!,
    serial: serial!,
    status: status!,
    payload: frame.subarray(24),
  };
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}
