import { request } from 'node:http';
import { api, type Client, createClient } from '@hypervigil/contract';

/** The platform's API through its local socket: whoever may open the file administers the platform of this machine. */
export function localClient(socketPath: string): Client {
  return createClient(api, (path, init) => {
    return new Promise<Response>((resolve, reject) => {
      const call = request(
        {
          socketPath,
          path,
          method: init.method ?? 'GET',
          headers: { host: 'localhost', ...(init.headers as Record<string, string>) },
          timeout: 30_000,
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.once('error', reject);
          answer.once('end', () => {
            const status = answer.statusCode ?? 500;
            resolve(new Response(status === 204 ? null : Buffer.concat(chunks), { status }));
          });
        },
      );
      call.once('timeout', () => call.destroy(new Error('the platform did not answer within 30 s')));
      call.once('error', reject);
      call.end(init.body as string | undefined);
    });
  });
}
