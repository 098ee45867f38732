import type { IncomingMessage } from 'node:http';
import { MAX_FEED_BYTES } from '@hypervigil/model';
import type { Block } from '@hypervigil/policy';
import { FeedError } from '@hypervigil/threat-feeds';
import { ForbiddenAddress } from '../outward/guard.ts';
import { requestOutward } from '../outward/request.ts';

/** What a source said of itself the last time (RFC 9110, 8.8). */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export interface FetchOptions {
  /** Special addresses that the operator allows; see {@link isForbiddenAddress}. */
  readonly allowed: readonly Block[];
  /** What we have; a source that has nothing newer says so instead of sending it again. */
  readonly known?: Validators;
  /** Of the whole, redirects included. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 5;
const MIB = 1024 * 1024;

/**
 * Fetches a feed, of each name and redirect from where the guard lets it (`outward/guard.ts`). Redirects stay with the scheme;
 * size and time are bounded.
 * @returns null when the source has nothing newer than `known`
 * @throws FeedError
 */
export async function fetchFeed(
  url: string,
  { allowed, known, timeoutMs = TIMEOUT_MS }: FetchOptions,
): Promise<({ readonly bytes: Buffer } & Validators) | null> {
  const signal = AbortSignal.timeout(timeoutMs);
  let target = new URL(url);
  try {
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await ask(target, { allowed, known, signal });
      const { statusCode = 0, headers } = response;
      if (statusCode === 304 && known) return discard(response, null);
      if (statusCode === 200)
        return {
          bytes: await bodyOf(response),
          etag: headers.etag ?? null,
          lastModified: headers['last-modified'] ?? null,
        };
      discard(response, null);
      if (statusCode < 300 || statusCode >= 400 || statusCode === 304)
        throw new FeedError('bad-status', { status: statusCode });
      target = redirected(target, headers.location);
    }
    throw new FeedError('bad-redirect', { location: shown(target.href) });
  } catch (error) {
    if (error instanceof FeedError) throw error;
    if (error instanceof ForbiddenAddress) {
      const { host, address } = error;
      throw new FeedError('forbidden-address', { host, address }, { cause: error });
    }
    if (signal.aborted) throw new FeedError('timeout', { seconds: timeoutMs / 1000 }, { cause: error });
    const { code = 'error' } = error as NodeJS.ErrnoException;
    const host = target.hostname;
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') throw new FeedError('unresolved', { host }, { cause: error });
    throw new FeedError('unreachable', { host, reason: code }, { cause: error });
  }
}

function ask(
  target: URL,
  { allowed, known, signal }: { allowed: readonly Block[]; known: Validators | undefined; signal: AbortSignal },
): Promise<IncomingMessage> {
  const headers = {
    accept: '*/*',
    ...(known?.etag ? { 'if-none-match': known.etag } : {}),
    ...(known?.lastModified ? { 'if-modified-since': known.lastModified } : {}),
  };
  return requestOutward(target, { method: 'GET', headers, allowed, signal });
}

function redirected(from: URL, location: string | undefined): URL {
  const to = location === undefined ? null : URL.parse(location, from);
  if (to?.protocol !== from.protocol) throw new FeedError('bad-redirect', { location: shown(location ?? '') });
  return to;
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return discard(response, () => new FeedError('encoded', { encoding: shown(encoding) }));
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_FEED_BYTES)
      return discard(response, () => new FeedError('too-large', { maximum: MAX_FEED_BYTES / MIB }));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Ends a response that nobody reads further. */
function discard(response: IncomingMessage, result: null): null;
function discard(response: IncomingMessage, error: () => FeedError): never;
function discard(response: IncomingMessage, outcome: null | (() => FeedError)): null {
  response.destroy();
  if (outcome) throw outcome();
  return null;
}

const shown = (text: string): string =>
  text
    .slice(0, 200)
    .replace(/\p{Cc}/gu, '�')
    .toWellFormed();
