import { type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Block } from '@hypervigil/policy';
import { guardedLookup, hostOf, requireAllowedHost } from './guard.ts';

export interface OutwardRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string;
  /** Special addresses that the operator allows. */
  readonly allowed: readonly Block[];
  /** Certificates (PEM) that the server's must lead to, in place of the usual ones. */
  readonly ca?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Asks a server that somebody has named. Redirects are the caller's to follow, or not.
 * @throws ForbiddenAddress, and errors of the socket and of TLS
 */
export async function requestOutward(
  target: URL,
  { method, headers, body, allowed, ca, signal }: OutwardRequest,
): Promise<IncomingMessage> {
  requireAllowedHost(hostOf(target), allowed);
  const request = target.protocol === 'https:' ? requestHttps : requestHttp;
  const options = {
    ...{ method, signal, agent: false, lookup: guardedLookup(allowed) },
    headers: { 'accept-encoding': 'identity', 'user-agent': 'hypervigil', ...headers },
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    request(target, options, resolve).once('error', reject).end(body);
  });
}
