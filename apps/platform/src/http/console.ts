import { access } from 'node:fs/promises';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { StartError } from '../errors.ts';

/** Vite puts a hash into these names, so their content never changes. */
const HASHED = '/assets/';

/** The built console. Every address that is not a file or the API is a page of it. */
export async function serveConsole(app: FastifyInstance, dir: string): Promise<void> {
  await access(join(dir, 'index.html')).catch((cause) => {
    throw new StartError('bad-config', `--console-dir: there is no index.html in ${dir}. Build the console first.`, {
      cause,
    });
  });
  await app.register(staticFiles, {
    root: dir,
    wildcard: false,
    cacheControl: false,
    setHeaders(response, path) {
      const hashed = path.slice(dir.length).startsWith(HASHED);
      response.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.get('/*', async (request, reply) => {
    const path = request.url.split('?')[0]!;
    const isPage = !path.startsWith('/api/') && !path.split('/').at(-1)!.includes('.');
    return isPage ? reply.header('cache-control', 'no-cache').sendFile('index.html') : reply.callNotFound();
  });
}
