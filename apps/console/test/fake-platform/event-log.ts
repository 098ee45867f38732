import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StreamEvent } from '@hypervigil/contract';

/** Server-sent events with their place in the log; a client that comes back gets what it missed. */
export class EventLog {
  readonly #log: string[] = [];
  readonly #open = new Set<ServerResponse>();

  emit(event: StreamEvent): void {
    const frame = `id: ${this.#log.length + 1}\ndata: ${JSON.stringify(event)}\n\n`;
    this.#log.push(frame);
    for (const response of this.#open) response.write(frame);
  }

  stream(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 200\n\n');
    const last = request.headers['last-event-id'];
    if (last !== undefined) for (const frame of this.#log.slice(Number(last))) response.write(frame);
    this.#open.add(response);
    request.on('close', () => this.#open.delete(response));
  }

  get connections(): number {
    return this.#open.size;
  }

  /** Cuts every stream, as a restart of the platform does. */
  close(): void {
    for (const response of this.#open) response.destroy();
    this.#open.clear();
  }
}
