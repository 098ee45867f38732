import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { NoAnswer, ServerError } from './server-error.ts';

export interface ServerOptions {
  /** `https://host:8443`; `http:` as well. */
  readonly url: URL;
  readonly user: string;
  readonly password: string | null;
  /** Certificates (PEM) to trust instead of the system's. */
  readonly ca: string | null;
  readonly database: string;
}

type Settings = Readonly<Record<string, string | number>>;

/** An answer that is larger is none. */
const MAX_ANSWER = 512 * 1024 * 1024;

/** A ClickHouse server's HTTP interface. */
export class Server {
  readonly #options: ServerOptions;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  get database(): string {
    return this.#options.database;
  }

  /**
   * @param database null where it may not be there yet
   * @throws ServerError
   * @throws NoAnswer
   */
  run(sql: string, seconds: number, settings: Settings = {}, database: string | null = this.database): Promise<Buffer> {
    return this.#post({ ...settings, ...(database !== null && { database }) }, Buffer.from(sql), seconds);
  }

  /** Data for a statement that takes some. */
  send(sql: string, data: Buffer, seconds: number): Promise<Buffer> {
    return this.#post({ database: this.database, query: sql, max_execution_time: seconds }, data, seconds);
  }

  #post(parameters: Settings, body: Buffer, seconds: number): Promise<Buffer> {
    const { url, user, password, ca } = this.#options;
    const target = new URL('/', url);
    // The answer is whole before its first byte comes, so that its status tells whether it is one.
    for (const [name, value] of Object.entries({ ...parameters, wait_end_of_query: 1 }))
      target.searchParams.set(name, `${value}`);
    const signal = AbortSignal.timeout(seconds * 1000);
    const options: RequestOptions = {
      method: 'POST',
      agent: false,
      signal,
      headers: {
        'X-ClickHouse-User': user,
        ...(password !== null && { 'X-ClickHouse-Key': password }),
        'Content-Length': body.length,
      },
    };
    return new Promise((resolve, reject) => {
      const broken = (cause: Error) => reject(new NoAnswer(cause, signal.aborted));
      const request =
        target.protocol === 'https:'
          ? requestHttps(target, { ...options, ...(ca !== null && { ca }) })
          : requestHttp(target, options);
      request.on('error', broken);
      request.on('response', (response) => {
        const parts: Buffer[] = [];
        let length = 0;
        response.on('error', broken);
        response.on('data', (part: Buffer) => {
          length += part.length;
          if (length > MAX_ANSWER) response.destroy(new Error('the answer is too large'));
          else parts.push(part);
        });
        response.on('end', () => {
          const whole = Buffer.concat(parts);
          if (response.statusCode === 200) resolve(whole);
          else reject(new ServerError(whole.toString()));
        });
      });
      request.end(body);
    });
  }
}
