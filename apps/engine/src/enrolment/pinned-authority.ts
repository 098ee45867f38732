import { createHash, X509Certificate } from 'node:crypto';
import tls, { type DetailedPeerCertificate } from 'node:tls';
import { EngineError } from '../errors.ts';

const TIMEOUT_MS = 10_000;
const MAX_CHAIN = 10;

/**
 * Fetches the authority that a platform shows in its TLS handshake, and trusts it only for its fingerprint. Nothing is
 * sent on this connection; the caller then connects again with this authority and full verification.
 * @returns the authority's certificate, PEM. Rejects with `fingerprint-mismatch` when none of the chain is the pinned one.
 */
export async function fetchPinnedAuthority(platform: string, sha256: string): Promise<string> {
  const { hostname, port } = new URL(platform);
  for (const der of await fetchChain(hostname.replace(/^\[|\]$/g, ''), Number(port || 443))) {
    if (createHash('sha256').update(der).digest('hex') === sha256) return new X509Certificate(der).toString();
  }
  throw new EngineError(
    'fingerprint-mismatch',
    `${platform} does not show the authority ${sha256}. Compare the fingerprint with the platform's; somebody may stand between`,
  );
}

function fetchChain(host: string, port: number): Promise<Buffer[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer[]>();
  const socket = tls.connect({ host, port, rejectUnauthorized: false, timeout: TIMEOUT_MS });
  socket.once('secureConnect', () => {
    resolve(chainOf(socket.getPeerCertificate(true)));
    socket.destroy();
  });
  socket.once('timeout', () => socket.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
  socket.once('error', (cause) =>
    reject(new EngineError('enrolment-refused', `No TLS connection to ${host}:${port}`, { cause })),
  );
  return promise;
}

/** A root refers to itself as its issuer. */
function chainOf(leaf: DetailedPeerCertificate): Buffer[] {
  const chain: Buffer[] = [];
  for (
    let at: DetailedPeerCertificate | undefined = leaf;
    at?.raw && chain.length < MAX_CHAIN;
    at = at.issuerCertificate
  ) {
    chain.push(at.raw);
    if (at.issuerCertificate === at) break;
  }
  return chain;
}
