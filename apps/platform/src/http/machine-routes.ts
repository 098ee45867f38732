import { api, openapi } from '@hypervigil/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from '../metrics.ts';
import { VERSION } from '../version.ts';
import type { Door } from './app.ts';

/** What machines ask: is it up, is it ready, how much, and how to talk to it. */
export function serveMachineRoutes(
  app: FastifyInstance,
  deps: { door: Door; metrics: Metrics; ready(): Promise<boolean>; person(request: FastifyRequest): Promise<unknown> },
): void {
  const document = openapi(api, VERSION);
  app.get('/openapi.json', async () => document);
  app.get('/healthz', async () => ({ status: 'up' }));
  app.get('/readyz', async (_request, reply) => {
    const ready = await deps.ready();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready' });
  });
  app.get('/metrics', async (request, reply) => {
    // From this machine Prometheus needs no session; from elsewhere the figures are for people who signed in.
    if (deps.door === 'tls') await deps.person(request);
    return reply.type(deps.metrics.contentType).send(await deps.metrics.text());
  });
}
