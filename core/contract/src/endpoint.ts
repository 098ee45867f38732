import type { Permission } from '@hypervigil/model';
import type { z } from 'zod';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who may call: anybody, a signed-in person, or a host by its certificate. */
export type Caller = 'public' | 'person' | 'engine';

/** Every operation of a person says what it takes to do it; one that does not say so does not compile. */
type Callable =
  | { readonly caller: 'person'; readonly permission: Permission }
  | { readonly caller: Exclude<Caller, 'person'>; readonly permission?: never };

/**
 * One operation of the HTTP API. Tables of these are served by the platform, called by the typed client,
 * walked by tests and written out as OpenAPI: nothing about an operation stands anywhere else.
 */
export type Endpoint = Callable & {
  readonly method: Method;
  /** With parameters in braces: `/api/v1/vms/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** JSON answer; without it the answer is 204, or a stream named by `produces`. */
  readonly response?: z.ZodType;
  readonly status?: 200 | 201 | 202 | 204;
  /** Media type of an answer that is not JSON. */
  readonly produces?: 'text/csv' | 'text/event-stream' | 'application/x-ndjson' | 'application/vnd.apache.parquet';
};

export type EndpointTable = Readonly<Record<string, Endpoint>>;

/** Keeps the literal types of a table and checks its form. */
export function defineEndpoints<const T extends EndpointTable>(table: T): T {
  return Object.freeze(table);
}

type In<S> = S extends z.ZodType ? z.input<S> : undefined;
type Out<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a caller passes. */
export type RequestOf<E extends Endpoint> = {
  [K in 'params' | 'query' | 'body' as E[K] extends z.ZodType ? K : never]: In<E[K]>;
};
/** What a handler receives: parsed, with defaults filled in. */
export type ParsedRequestOf<E extends Endpoint> = {
  [K in 'params' | 'query' | 'body' as E[K] extends z.ZodType ? K : never]: Out<E[K]>;
};
export type ResponseOf<E extends Endpoint> = E['response'] extends z.ZodType ? z.output<E['response']> : undefined;
