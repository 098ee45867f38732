import { ApiErrorBody } from '@hypervigil/model';
import type { api } from './api.ts';
import type { Endpoint, RequestOf, ResponseOf } from './endpoint.ts';

/** An answer that is an error: its code, parameters and problems as the platform gave them. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: ApiErrorBody;
  constructor(status: number, body: ApiErrorBody, options?: ErrorOptions) {
    super(body.message, options);
    this.name = 'ApiError';
    this.status = status;
    this.body = body;
  }
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The path with its parameters, and the query without the fields that are undefined. */
export function buildUrl(endpoint: Endpoint, request: { params?: object; query?: object }): string {
  const params = (request.params ?? {}) as Record<string, unknown>;
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {}))
    if (value !== undefined) query.set(name, String(value));
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

type Api = typeof api;
type CallArgs<E extends Endpoint> = keyof RequestOf<E> extends never
  ? [request?: undefined, options?: CallOptions]
  : [request: RequestOf<E>, options?: CallOptions];
export interface CallOptions {
  readonly signal?: AbortSignal;
}
export type Client = { readonly [K in keyof Api]: (...args: CallArgs<Api[K]>) => Promise<ResponseOf<Api[K]>> };

/**
 * A function per endpoint. `fetch` decides about host, cookies and certificates.
 * Throws {@link ApiError} for every answer that is an error, and whatever `fetch` throws when nothing answers.
 */
export function createClient(table: Api, fetch: Fetch): Client {
  const call = async (endpoint: Endpoint, request: Record<string, unknown> = {}, options: CallOptions = {}) => {
    const body = request['body'];
    const response = await fetch(buildUrl(endpoint, request), {
      method: endpoint.method,
      headers:
        body === undefined
          ? { accept: 'application/json' }
          : { accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    if (!response.ok) throw new ApiError(response.status, await errorBody(response));
    if (endpoint.produces === 'application/vnd.apache.parquet') return new Uint8Array(await response.arrayBuffer());
    if (endpoint.produces !== undefined) return await response.text();
    return response.status === 204 ? undefined : await response.json();
  };
  const entries = Object.entries(table).map(([name, endpoint]) => [
    name,
    (request?: Record<string, unknown>, options?: CallOptions) => call(endpoint, request, options),
  ]);
  return Object.freeze(Object.fromEntries(entries)) as Client;
}

/** Something between us and the platform may answer with a page of its own; that is still an error with a code. */
async function errorBody(response: Response): Promise<ApiErrorBody> {
  const parsed = ApiErrorBody.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  const message = `HTTP ${response.status} without an error body of the platform`;
  return {
    code: response.status === 503 ? 'unavailable' : 'internal',
    message,
    params: {},
    problems: [],
    requestId: '',
  };
}
