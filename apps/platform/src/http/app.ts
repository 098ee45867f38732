import { randomUUID } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import { api, languageOf } from '@hypervigil/contract';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import type { Guard } from '../access/guard.ts';
import { identifyEngine } from '../ca/engine-identity.ts';
import type { Identity, Person } from '../identity/identity.ts';
import type { Metrics } from '../metrics.ts';
import type { Database } from '../state/database.ts';
import { serveConsole } from './console.ts';
import { answerError, answerErrors } from './error-answers.ts';
import { type Call, type Callers, type Handlers, implement } from './implement.ts';
import { serveMachineRoutes } from './machine-routes.ts';
import { requireLocalName, requireSameSite } from './same-site.ts';

export const SESSION_COOKIE = 'hv_session';
const BODY_LIMIT = 1024 * 1024;
/** A policy has up to 10,000 rules, an address set twice 100,000 entries, a feed 16 MiB before it became JSON. */
const BODY_LIMITS = {
  createPolicy: 8 * BODY_LIMIT,
  updatePolicy: 8 * BODY_LIMIT,
  createAddressSet: 12 * BODY_LIMIT,
  updateAddressSet: 12 * BODY_LIMIT,
  createThreatSet: 6 * BODY_LIMIT,
  updateThreatSet: 6 * BODY_LIMIT,
  uploadThreatSet: 24 * BODY_LIMIT,
};

/**
 * How callers come in. `loopback`: plain HTTP from this machine. `tls`: everybody else, engines among them. `socket`: a
 * unix socket in a closed directory: whoever may open it administers this machine's platform without a password.
 */
export type Door = 'loopback' | 'tls' | 'socket';

export interface AppDeps {
  readonly door: Door;
  readonly tls?: TlsOptions;
  readonly logger: Logger;
  readonly db: Database;
  readonly identity: Identity;
  readonly guard: Guard;
  readonly handlers: Handlers<typeof api>;
  readonly metrics: Metrics;
  readonly consoleDir: string | undefined;
  ready(): Promise<boolean>;
}

/** Nothing inline, nothing from elsewhere, in nobody's frame. */
const CSP = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    workerSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

const LOCAL_ADMINISTRATOR: Person = Object.freeze({
  id: '00000000-0000-4000-8000-000000000001',
  name: 'local',
  mustChangePassword: false,
  duty: 'bootstrap',
  tenantId: null,
  scope: { groupIds: [], networkIds: [] },
  disabled: false,
  expiresAt: new Date(8_640_000_000_000_000),
});

/** The same operations behind each door; what differs is who is let in. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { door, logger } = deps;
  const options: FastifyServerOptions & { https?: TlsOptions } = {
    ...(deps.tls === undefined ? {} : { https: deps.tls }),
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 200 },
    // Addresses that no router can read do not come to the error handler.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  };
  const app = Fastify(options);
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    if (door === 'loopback') requireLocalName(request);
    requireSameSite(request);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { operation } = request.routeOptions.config as { operation?: string };
    const { method, url } = request;
    const [status, ms] = [reply.statusCode, reply.elapsedTime];
    deps.metrics.request(operation ?? 'other', status, ms / 1000);
    const level = status >= 400 || method !== 'GET' ? 'info' : 'debug';
    request.log[level](
      { operation, method, path: url.split('?')[0], status, ms: Math.round(ms), source: request.ip },
      'answered',
    );
  });
  await app.register(helmet, {
    contentSecurityPolicy: CSP,
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  await app.register(cookie);
  answerErrors(app);
  const callers = createCallers(deps);
  implement(app, api, deps.handlers, {
    callers,
    guard: deps.guard,
    callOf: callsThrough(deps),
    bodyLimits: BODY_LIMITS,
  });
  serveMachineRoutes(app, { ...deps, person: (request) => callers.person(request, 'metrics') });
  if (deps.consoleDir !== undefined && door !== 'socket') await serveConsole(app, deps.consoleDir);
  return app;
}

function createCallers({ door, identity, db }: AppDeps): Callers {
  return {
    person: async (request, operation) =>
      door === 'socket' ? LOCAL_ADMINISTRATOR : identity.authenticate(request.cookies[SESSION_COOKIE], operation),
    engine: (request) => identifyEngine(db, request.raw),
  };
}

function callsThrough({ door, identity }: AppDeps) {
  const options = { path: '/', httpOnly: true, sameSite: 'strict', secure: door === 'tls' } as const;
  return (request: FastifyRequest, reply: FastifyReply, caller: Parameters<CallOf>[2]): Call => {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const name = caller.person?.name ?? (caller.engine === undefined ? 'anonymous' : `host:${caller.engine.hostName}`);
    const lastEventId = request.headers['last-event-id'];
    return {
      actor: { name, requestId: request.id },
      source: door === 'socket' ? 'local' : request.ip,
      language: languageOf(request.headers['accept-language']),
      token: request.cookies[SESSION_COOKIE],
      lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
      signal: gone.signal,
      stillSignedIn: async () =>
        door === 'socket' ||
        (caller.person !== undefined && (await identity.isStill(request.cookies[SESSION_COOKIE], caller.person))),
      setToken: (token, expires) => void reply.setCookie(SESSION_COOKIE, token, { ...options, expires }),
      clearToken: () => void reply.clearCookie(SESSION_COOKIE, options),
    };
  };
}
type CallOf = Parameters<typeof implement>[3]['callOf'];
