import type { FastifyRequest } from 'fastify';
import { ApiFailure } from '../errors.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const OURS = new Set(['same-origin', 'none']);

/**
 * Refuses a change that another site's page asks a browser for. Browsers tell with `Sec-Fetch-Site` (W3C Fetch Metadata)
 * or at least `Origin`; programs send neither and carry no cookie that they were not given.
 * @throws ApiFailure `other-site`
 */
export function requireSameSite(request: FastifyRequest): void {
  if (SAFE.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  const { origin, host } = request.headers;
  const fine = site === undefined ? origin === undefined || URL.parse(origin)?.host === host : OURS.has(String(site));
  if (!fine) throw new ApiFailure('other-site', {});
}

const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * On the plain listener only this machine's names are answered: a page whose own name was made to point at 127.0.0.1
 * (DNS rebinding) carries that name in `Host`.
 * @throws ApiFailure `not-local`
 */
export function requireLocalName(request: FastifyRequest): void {
  const name = URL.parse(`http://${request.headers.host ?? ''}`)?.hostname;
  if (name === undefined || !LOCAL_NAMES.has(name)) throw new ApiFailure('not-local', {});
}
