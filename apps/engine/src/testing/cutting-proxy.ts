import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands between an engine and a unix socket, and cuts connections in the middle of what the daemon says. */
export interface CuttingProxy {
  readonly path: string;
  /** How many connections were cut. */
  readonly cuts: number;
  /** From now on each connection is cut after so many bytes of the daemon's; undefined lets them live. */
  cutAfter(bytes: number | undefined): void;
  stop(): Promise<void>;
}

export async function startCuttingProxy(path: string, target: string): Promise<CuttingProxy> {
  const open = new Set<Socket>();
  let limit: number | undefined;
  let cuts = 0;
  const server = createServer((client) => {
    const daemon = connect(target);
    let said = 0;
    const end = (): void => {
      client.destroy();
      daemon.destroy();
      open.delete(client);
    };
    open.add(client);
    for (const socket of [client, daemon]) socket.on('error', end).on('close', end);
    client.pipe(daemon);
    daemon.on('data', (chunk: Buffer) => {
      said += chunk.length;
      if (limit === undefined || said <= limit) return void client.write(chunk);
      cuts++;
      client.write(chunk.subarray(0, Math.max(1, chunk.length - (said - limit))), end);
    });
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    path,
    get cuts() {
      return cuts;
    },
    cutAfter(bytes) {
      limit = bytes;
      if (bytes !== undefined) for (const socket of open) socket.destroy();
    },
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
