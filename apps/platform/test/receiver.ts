import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody who takes messages by HTTP on this machine, and answers as the test says. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Status and body; undefined answers never. */
  answer: (request: Received) => readonly [number, string, Record<string, string>?] | undefined;
  close(): Promise<void>;
}

export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
      received.push(one);
      const answer = receiver.answer(one);
      if (answer !== undefined) response.writeHead(answer[0], answer[2]).end(answer[1]);
    });
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: () => [200, 'ok'],
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return receiver;
}
