import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Principal } from '@hypervigil/authz';
import { api, type Endpoint, mistakesOf } from '@hypervigil/contract';
import type { Mode } from './dataset.ts';
import { Refused } from './errors.ts';
import { EventLog } from './event-log.ts';
import { Governor } from './governor.ts';
import { createHandlers, State } from './handlers.ts';

/** As strict as the platform: no inline script, no inline style, nothing from elsewhere. */
export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

export interface Options {
  readonly mode?: Mode;
  /** How many VMs the mode `vms` has. */
  readonly vms?: number;
  readonly dist: string;
  readonly delayMs?: number;
  readonly mustChangePassword?: boolean;
  /** Who is signed in, by the platform's policies; without it somebody who may everything. */
  readonly person?: Principal;
}

/** The platform as the console sees it: the contract's endpoints over an in-memory cloud. Tests only. */
export class FakePlatform {
  readonly state: State;
  readonly events = new EventLog();
  /** Operation ids that answer with this error: how tests see the console fail. */
  readonly failing = new Map<string, Refused>();
  /** Requests that are not answered yet; but for the stream of events, which never ends. */
  underWay = 0;
  readonly #options: Options;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #routes: {
    id: string;
    endpoint: Endpoint;
    pattern: RegExp;
    names: string[];
    handler: (input: never) => unknown;
  }[];
  #requests = 0;

  constructor(options: Options) {
    this.#options = options;
    this.state = new State(options.mode ?? 'demo', this.events, options.mustChangePassword ?? false, options.vms);
    this.signIn(options.person);
    const handlers = new Map(Object.entries(createHandlers(this.state)));
    this.#routes = Object.entries(api as Record<string, Endpoint>).flatMap(([id, endpoint]) => {
      const handler = handlers.get(id);
      if (handler === undefined) return [];
      const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
      return [
        { id, endpoint, names, handler, pattern: new RegExp(`^${endpoint.path.replace(/\{\w+\}/g, '([^/]+)')}$`) },
      ];
    });
  }

  /** From then on somebody else is signed in; without a person, somebody who may everything. */
  signIn(person: Principal | undefined): void {
    this.state.governor = person && new Governor(person, (id) => this.state.partsOf(id));
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.events.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    this.underWay++;
    try {
      if (url.pathname.startsWith('/api/')) await this.#api(request, url, response);
      else await this.#file(url.pathname, response);
    } finally {
      this.underWay--;
    }
  }

  async #api(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    const requestId = `req-${String(++this.#requests).padStart(6, '0')}`;
    try {
      await delay(this.#options.delayMs ?? 0);
      await this.#call(request, url, response);
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused('internal', {});
      if (!(error instanceof Refused)) console.error(error);
      response.writeHead(refused.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(refused.body(requestId)));
    }
  }

  async #call(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    const route = this.#routes.find(
      ({ endpoint, pattern }) => endpoint.method === request.method && pattern.test(url.pathname),
    );
    if (route === undefined) throw new Refused('no-such-address', {});
    const failure = this.failing.get(route.id);
    if (failure !== undefined) throw failure;
    const signedIn = /(?:^|; )hv_session=1/.test(request.headers.cookie ?? '');
    if (route.endpoint.caller !== 'public' && !signedIn) throw new Refused('not-signed-in', {});
    if (route.id === 'streamEvents') {
      this.events.stream(request, response);
      return;
    }
    const values = route.pattern.exec(url.pathname)!.slice(1).map(decodeURIComponent);
    const input = {
      params: parse(route.endpoint.params, Object.fromEntries(route.names.map((name, n) => [name, values[n]]))),
      query: parse(route.endpoint.query, Object.fromEntries(url.searchParams)),
      body: parse(route.endpoint.body, route.endpoint.body === undefined ? undefined : await readJson(request)),
    };
    const { governor } = this.state;
    governor?.admit(route.id, route.endpoint, input);
    const given = await route.handler(input as never);
    const answer = governor === undefined ? given : governor.cut(route.endpoint, given);
    const headers: Record<string, string> = {};
    if (route.id === 'signIn') headers['set-cookie'] = 'hv_session=1; HttpOnly; Path=/';
    if (route.id === 'signOut') headers['set-cookie'] = 'hv_session=; Max-Age=0; Path=/';
    if (route.endpoint.produces !== undefined) {
      response.writeHead(200, { ...headers, 'content-type': route.endpoint.produces });
      response.end(String(answer));
      return;
    }
    if (answer === undefined) {
      response.writeHead(204, headers).end();
      return;
    }
    // Whatever the fake makes up must be what the contract says.
    const checked = route.endpoint.response?.parse(answer);
    response.writeHead(route.endpoint.status ?? 200, { ...headers, 'content-type': 'application/json' });
    response.end(JSON.stringify(checked));
  }

  async #file(path: string, response: ServerResponse): Promise<void> {
    const wanted = extname(path) === '' ? '/index.html' : normalize(path);
    const content = await readFile(join(this.#options.dist, wanted)).catch(() => undefined);
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(wanted)] ?? 'application/octet-stream',
      'content-security-policy': CSP,
    });
    response.end(content);
  }
}

function parse(schema: Endpoint['body'], value: unknown): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new Refused('invalid-request', {}, mistakesOf(result.error));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}
