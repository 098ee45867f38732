import { Readable } from 'node:stream';
import type { Endpoint, EndpointTable, Language, ParsedRequestOf, ResponseOf } from '@hypervigil/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Access } from '../access/access.ts';
import type { Guard } from '../access/guard.ts';
import type { EngineIdentity } from '../ca/engine-identity.ts';
import type { Person } from '../identity/identity.ts';
import type { Actor } from '../state/work.ts';
import { parsePart, strict } from './parse.ts';

/** What a handler knows of a call beside its request. */
export interface Call {
  readonly actor: Actor;
  /** Address of the caller. */
  readonly source: string;
  /** What the caller reads. */
  readonly language: Language;
  readonly token: string | undefined;
  readonly lastEventId: string | undefined;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
  /** For answers that last: whether the caller's session is still one. */
  stillSignedIn(): Promise<boolean>;
  setToken(token: string, expiresAt: Date): void;
  clearToken(): void;
}

type CallerOf<E extends Endpoint> = E['caller'] extends 'person'
  ? { readonly person: Person; readonly access: Access }
  : E['caller'] extends 'engine'
    ? { readonly engine: EngineIdentity }
    : unknown;
type AnswerOf<E extends Endpoint> = E['produces'] extends string ? AsyncIterable<string | Uint8Array> : ResponseOf<E>;

/** What one operation receives: its parsed request, its caller, and the call. */
type Incoming<E extends Endpoint> = ParsedRequestOf<E> & CallerOf<E> & { readonly call: Call };

/** One function per endpoint of the table: one that is missing does not compile. */
export type Handlers<T extends EndpointTable> = {
  readonly [K in keyof T]: (incoming: Incoming<T[K]>) => Promise<AnswerOf<T[K]>> | AnswerOf<T[K]>;
};

/** Finds out who calls. Each throws an `ApiFailure` when it is not who the endpoint asks for. */
export interface Callers {
  person(request: FastifyRequest, operation: string): Promise<Person>;
  engine(request: FastifyRequest): Promise<EngineIdentity>;
}

export interface ImplementOptions {
  readonly callers: Callers;
  /** Decides on the calls of people. */
  readonly guard: Guard;
  callOf(request: FastifyRequest, reply: FastifyReply, caller: { person?: Person; engine?: EngineIdentity }): Call;
  /** Bytes that the body of an operation may have, where it is not the usual. */
  readonly bodyLimits: Readonly<Record<string, number>>;
}

type Anything = Readonly<Record<string, unknown>>;

/** Serves every operation of a table. */
export function implement<T extends EndpointTable>(
  app: FastifyInstance,
  table: T,
  handlers: Handlers<T>,
  options: ImplementOptions,
): void {
  for (const [operation, endpoint] of Object.entries(table) as [string & keyof T, Endpoint][]) {
    const handler = handlers[operation] as (incoming: Anything) => unknown;
    const parts = {
      params: strict(endpoint.params),
      query: strict(endpoint.query ?? z.object({})),
      body: strict(endpoint.body),
    };
    const bodyLimit = options.bodyLimits[operation];
    // The caller is known before a byte of the body is read.
    const identified = new WeakMap<
      FastifyRequest,
      { caller: { person?: Person; engine?: EngineIdentity }; call: Call }
    >();
    const callerOf = async (request: FastifyRequest) => {
      if (endpoint.caller === 'person') return { person: await options.callers.person(request, operation) };
      if (endpoint.caller === 'engine') return { engine: await options.callers.engine(request) };
      return {};
    };
    app.route({
      method: endpoint.method,
      url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
      ...(bodyLimit === undefined ? {} : { bodyLimit }),
      config: { operation },
      onRequest: async (request, reply) => {
        const caller = await callerOf(request);
        const call = options.callOf(request, reply, caller);
        identified.set(request, { caller, call });
        if (endpoint.caller === 'person' && caller.person !== undefined)
          await options.guard.admit({ person: caller.person, operation, endpoint, actor: call.actor });
      },
      handler: async (request, reply) => {
        const { caller, call } = identified.get(request)!;
        const asked = {
          params: parsePart(parts.params, request.params),
          query: parsePart(parts.query, request.query),
          body: parsePart(parts.body, request.body),
        };
        const access =
          endpoint.caller === 'person' && caller.person !== undefined
            ? await options.guard.decide({ person: caller.person, operation, endpoint, asked, actor: call.actor })
            : undefined;
        const answer = await handler({ ...caller, access, ...asked, call });
        if (endpoint.produces !== undefined)
          return sendStream(reply, endpoint.produces, answer as AsyncIterable<string | Uint8Array>);
        if (endpoint.response === undefined) return reply.code(endpoint.status ?? 204).send();
        return reply.code(endpoint.status ?? 200).send(answer);
      },
    });
  }
}

/** What a browser calls an answer that it is to keep. */
const FILE_NAMES: Partial<Record<NonNullable<Endpoint['produces']>, string>> = {
  'text/csv': 'flows.csv',
  'application/x-ndjson': 'flows.jsonl',
  'application/vnd.apache.parquet': 'flows.parquet',
};

function sendStream(
  reply: FastifyReply,
  type: NonNullable<Endpoint['produces']>,
  chunks: AsyncIterable<string | Uint8Array>,
) {
  reply.header('cache-control', 'no-store').type(type.startsWith('text/') ? `${type}; charset=utf-8` : type);
  const name = FILE_NAMES[type];
  if (name !== undefined) reply.header('content-disposition', `attachment; filename="${name}"`);
  return reply.send(Readable.from(chunks, { highWaterMark: 4 }));
}
