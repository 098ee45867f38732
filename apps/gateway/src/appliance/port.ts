import { type FileHandle, open, readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createFrameDecoder, encodeFrame } from '@hypervigil/gateway-link';

/** How often to look whether the host is back: the kernel tells nobody but a signal handler (virtio_console.c). */
const ABSENT_MS = 100;
const READ_BYTES = 64 * 1024;
/** Messages that wait for the host; what is behind them waits in its own place. */
const MAX_WAITING = 64;

/** One end of the channel to the host, over a virtio-serial port. */
export interface Port {
  /** True when the message was taken; false when the host does not read, and it is lost. */
  send(message: object): boolean;
  /** Resolves when fewer than half of the places for waiting messages are taken. */
  hasRoom(): Promise<void>;
}

export interface PortOptions {
  /** Name of the port, as the host gave it. */
  readonly name: string;
  readonly maxReceivedBytes: number;
  readonly maxSentBytes: number;
  readonly onCommand: (payload: Buffer) => void;
}

export async function openPort(options: PortOptions): Promise<Port> {
  const path = await devicePath(options.name);
  // The kernel lets a port be opened once, for both directions.
  const device = await open(path, 'r+');
  void readForever(device, options);
  return writer(device, options.maxSentBytes);
}

/** `/dev/vportNpM` of a port's name: without udev nobody makes links for it. */
async function devicePath(name: string): Promise<string> {
  const ports = '/sys/class/virtio-ports';
  for (const device of await readdir(ports)) {
    const found = await readFile(`${ports}/${device}/name`, 'utf8').catch(() => '');
    if (found.trim() === name) return `/dev/${device}`;
  }
  throw new Error(`this machine has no virtio-serial port ${name}`);
}

async function readForever(input: FileHandle, { maxReceivedBytes, onCommand }: PortOptions): Promise<never> {
  const decoder = createFrameDecoder(maxReceivedBytes, { onFrame: onCommand });
  const buffer = Buffer.alloc(READ_BYTES);
  for (;;) {
    const { bytesRead } = await input.read(buffer, 0, READ_BYTES, null);
    if (bytesRead > 0) decoder.push(buffer.subarray(0, bytesRead));
    else {
      // Nobody is connected: what somebody began to say, nobody will finish.
      decoder.reset();
      await delay(ABSENT_MS);
    }
  }
}

function writer(output: FileHandle, maxBytes: number): Port {
  const waiting: Buffer[] = [];
  let room = Promise.withResolvers<void>();
  let writing = false;

  async function drain(): Promise<void> {
    if (writing) return;
    writing = true;
    for (let frame = waiting.shift(); frame; frame = waiting.shift()) {
      // Blocks while the host does not read.
      for (let at = 0; at < frame.length; ) at += (await output.write(frame, at)).bytesWritten;
      if (waiting.length < MAX_WAITING / 2) {
        room.resolve();
        room = Promise.withResolvers<void>();
      }
    }
    writing = false;
  }

  return {
    send(message) {
      if (waiting.length >= MAX_WAITING) return false;
      waiting.push(encodeFrame(Buffer.from(JSON.stringify(message)), maxBytes));
      void drain();
      return true;
    },
    hasRoom: () => (waiting.length < MAX_WAITING / 2 ? Promise.resolve() : room.promise),
  };
}
