import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

/** A server on a unix socket of its own, whose behaviour is what the test gives it. */
export interface FakePeer {
  readonly socket: string;
  stop(): Promise<void>;
}

export async function startFakePeer(serve: (stream: net.Socket) => void): Promise<FakePeer> {
  const directory = await mkdtemp('/tmp/hv-peer-');
  const socket = path.join(directory, 'socket');
  const streams = new Set<net.Socket>();
  const server = net.createServer((stream) => {
    streams.add(stream);
    stream.on('error', () => undefined);
    stream.once('close', () => streams.delete(stream));
    serve(stream);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    socket,
    async stop() {
      for (const stream of streams) stream.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
