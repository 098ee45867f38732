import type { Duplex } from 'node:stream';
import { OvsError } from '../errors.ts';
import { createJsonFramer, encodeJson, type JsonLimits } from './codec.ts';

export interface RpcOptions {
  /** Who the peer is, for messages to people. */
  readonly peer: string;
  /** How long one request may take. */
  readonly timeoutMs: number;
  readonly limits?: Partial<JsonLimits>;
  /** A request from the peer without an answer expected (`id: null`), such as `update2`. */
  readonly onNotification?: (method: string, params: readonly unknown[]) => void;
}

/** JSON-RPC 1.0 as Open vSwitch speaks it on OVSDB and unixctl sockets. */
export interface Rpc {
  request(method: string, params: readonly unknown[]): Promise<unknown>;
  /** Milliseconds since the peer was last heard, by `performance.now()`. */
  quietMs(): number;
  /** Resolves once, with the reason; undefined after our own `close`. */
  readonly closed: Promise<OvsError | undefined>;
  close(reason?: OvsError): void;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: OvsError) => void;
  readonly timer: NodeJS.Timeout;
}

export function createRpc(stream: Duplex, { peer, timeoutMs, limits, onNotification }: RpcOptions): Rpc {
  const framer = createJsonFramer(limits);
  const pending = new Map<number, Pending>();
  const ended = Promise.withResolvers<OvsError | undefined>();
  let nextId = 0;
  let open = true;
  let heardAt = performance.now();

  const close = (reason?: OvsError): void => {
    if (!open) return;
    open = false;
    stream.destroy();
    const error = reason ?? new OvsError('closed', `The session with ${peer} was closed.`);
    for (const { reject, timer } of pending.values()) {
      clearTimeout(timer);
      reject(error);
    }
    pending.clear();
    ended.resolve(reason);
  };

  const answer = (id: number, result: unknown, error: unknown): void => {
    const waiting = pending.get(id);
    if (waiting === undefined) return; // The answer to a request that timed out.
    pending.delete(id);
    clearTimeout(waiting.timer);
    if (error === null || error === undefined) waiting.resolve(result);
    else waiting.reject(rpcError(peer, error));
  };

  const dispatch = (message: unknown): void => {
    if (!isRecord(message)) throw new OvsError('protocol', `${peer} sent a message that is no object.`);
    const { id, method, params } = message;
    if (typeof method !== 'string') {
      if (typeof id === 'number') answer(id, message['result'], message['error']);
      return;
    }
    const args = Array.isArray(params) ? params : [];
    // RFC 7047, 4.1.11: either side may ask, the other returns the same parameters.
    if (method === 'echo') stream.write(encodeJson({ id, result: args, error: null }));
    else if (id === null || id === undefined) onNotification?.(method, args);
    else stream.write(encodeJson({ id, result: null, error: 'unknown method' }));
  };

  stream.on('data', (bytes: Buffer) => {
    heardAt = performance.now();
    try {
      for (const message of framer.push(bytes)) if (open) dispatch(message);
    } catch (error) {
      close(
        error instanceof OvsError ? error : new OvsError('protocol', `${peer} was not understood.`, { cause: error }),
      );
    }
  });
  stream.on('error', (cause) => close(new OvsError('closed', `The session with ${peer} broke.`, { cause })));
  stream.on('close', () => close(new OvsError('closed', `${peer} closed the session.`)));
  stream.on('end', () => close(new OvsError('closed', `${peer} closed the session.`)));

  const request = (method: string, params: readonly unknown[]): Promise<unknown> => {
    if (!open) return Promise.reject(new OvsError('closed', `The session with ${peer} is closed.`));
    const id = nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      pending.delete(id);
      reject(new OvsError('timeout', `${peer} did not answer ${method} in ${timeoutMs} ms.`));
    }, timeoutMs);
    pending.set(id, { resolve, reject, timer });
    stream.write(encodeJson({ id, method, params }));
    return promise;
  };

  return { request, quietMs: () => performance.now() - heardAt, closed: ended.promise, close };
}

function rpcError(peer: string, error: unknown): OvsError {
  const text = typeof error === 'string' ? error.trimEnd() : isRecord(error) ? describe(error) : JSON.stringify(error);
  return new OvsError('rpc-error', `${peer} refused: ${text}`, { details: isRecord(error) ? error : { error: text } });
}

function describe({ error, details }: Record<string, unknown>): string {
  return details === undefined ? String(error) : `${String(error)}: ${String(details)}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
