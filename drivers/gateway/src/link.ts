import { connect, type Socket } from 'node:net';
import { GatewayLinkError } from './errors.ts';
import { createFrameDecoder, encodeFrame } from './frame.ts';

export interface LinkOptions<In> {
  /** The unix socket that QEMU serves for the gateway's virtio-serial port. */
  readonly path: string;
  readonly maxCommandBytes: number;
  readonly maxMessageBytes: number;
  /** Reads one message; what it throws is reported as unreadable. The gateway is not believed. */
  readonly parse: (json: unknown) => In;
  readonly onMessage: (message: In) => void;
  /** Something that is no message came: the gateway is broken, or somebody else's. */
  readonly onUnreadable: (why: unknown) => void;
  /** Once, when the channel has ended: QEMU is gone, or `close` was called. */
  readonly onClose: (why?: GatewayLinkError) => void;
}

export interface GatewayLink<Out> {
  /** Resolves when the kernel has taken the bytes: a gateway that does not read keeps the caller waiting. */
  send(command: Out): Promise<void>;
  close(): void;
}

/**
 * Connects to a gateway. QEMU lets one in at a time. Whether the gateway lives is known when it answers; a command that
 * nobody reads waits in the channel. Rejects with `unreachable`.
 */
export async function openGatewayLink<Out, In>(options: LinkOptions<In>): Promise<GatewayLink<Out>> {
  const socket = await dial(options.path);
  const decoder = createFrameDecoder(options.maxMessageBytes, {
    onFrame(payload) {
      let message: In;
      try {
        message = options.parse(JSON.parse(payload.toString('utf8')));
      } catch (why) {
        options.onUnreadable(why);
        return;
      }
      options.onMessage(message);
    },
  });
  let why: GatewayLinkError | undefined;
  socket.on('data', (chunk: Buffer) => decoder.push(chunk));
  socket.on('error', (cause) => {
    why = new GatewayLinkError('closed', `The channel of the gateway behind ${options.path} broke`, { cause });
  });
  socket.on('close', () => options.onClose(why));
  return {
    send(command) {
      const frame = encodeFrame(Buffer.from(JSON.stringify(command)), options.maxCommandBytes);
      return write(socket, frame, options.path);
    },
    close: () => socket.destroy(),
  };
}

function dial(path: string): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect(path);
  const fail = (cause: Error) => {
    reject(new GatewayLinkError('unreachable', `No gateway answers behind ${path}`, { cause }));
  };
  socket.once('error', fail);
  socket.once('connect', () => {
    socket.off('error', fail);
    resolve(socket);
  });
  return promise;
}

function write(socket: Socket, bytes: Buffer, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.write(bytes, (cause) => {
    if (cause) reject(new GatewayLinkError('closed', `The channel of the gateway behind ${path} is closed`, { cause }));
    else resolve();
  });
  return promise;
}
