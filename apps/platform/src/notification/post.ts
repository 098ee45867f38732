import type { IncomingMessage } from 'node:http';
import { type OutwardRequest, requestOutward } from '../outward/request.ts';
import { DeliveryFailure } from './problems.ts';

/** Of an answer so much is read, and so many characters are told. */
const MAX_BYTES = 65_536;
const SHOWN = 500;
const LONGEST_WAIT_MS = 3_600_000;

interface Post extends Omit<OutwardRequest, 'method' | 'body'> {
  readonly body: string;
  /** Whether an answer with a status of success says that the message was taken. */
  readonly accepts: (answer: string) => boolean;
}

/**
 * Sends a body by HTTP. Redirects are not followed: what was signed was signed for this address.
 * @returns status and answer, as people may read them
 * @throws DeliveryFailure `bad-status`, `refused`; ForbiddenAddress, and errors of the socket and of TLS
 */
export async function post(url: string, { accepts, ...request }: Post): Promise<string> {
  const length = Buffer.byteLength(request.body);
  const headers = { ...request.headers, 'content-length': length };
  const response = await requestOutward(new URL(url), { ...request, method: 'POST', headers });
  const { statusCode: status = 0, headers: said } = response;
  const text = await textOf(response);
  const shown = text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, SHOWN)
    .toWellFormed();
  const answer = `HTTP ${status}${shown === '' ? '' : ` ${shown}`}`;
  if (status < 200 || status > 299) {
    const retryAfterMs = waitOf(said['retry-after']);
    throw new DeliveryFailure({ code: 'bad-status', params: { status, answer: shown } }, { answer, retryAfterMs });
  }
  if (!accepts(text)) throw new DeliveryFailure({ code: 'refused', params: { answer: shown } }, { answer });
  return answer;
}

/** Seconds (RFC 9110, 10.2.3); dates are left alone, and an hour is the longest. */
const waitOf = (header: string | undefined): number =>
  header !== undefined && /^\d{1,6}$/.test(header) ? Math.min(Number(header) * 1000, LONGEST_WAIT_MS) : 0;

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BYTES) break;
  }
  response.destroy();
  return Buffer.concat(chunks).subarray(0, MAX_BYTES).toString();
}
