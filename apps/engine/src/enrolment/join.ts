import { hostname } from 'node:os';
import { ApiError, api, createClient } from '@hypervigil/contract';
import type { JoinConfig } from '../config.ts';
import { EngineError } from '../errors.ts';
import { type Identity, loadIdentity, saveIdentity } from './identity.ts';
import { fetchPinnedAuthority } from './pinned-authority.ts';
import { createPlatformFetch } from './platform-fetch.ts';
import { createKeyAndRequest } from './request.ts';

/**
 * Turns a one-time token into this host's identity on disk. Joining another platform, or again after a revocation,
 * needs the old identity removed first, so that a mistyped command cannot cut a host off.
 */
export async function join({ platform, token, caFingerprint, stateDir }: JoinConfig): Promise<Identity> {
  const present = await loadIdentity(stateDir);
  if (present !== undefined) {
    throw new EngineError(
      'already-enrolled',
      `This host is ${present.hostName} of ${present.platform}. To join again remove identity.json from ${stateDir}`,
    );
  }
  const pinned = await fetchPinnedAuthority(platform, caFingerprint);
  const { key, csr } = createKeyAndRequest(hostname());
  const client = createClient(api, createPlatformFetch(platform, { ca: pinned }));
  const answer = await client.enrol({ body: { token, csr } }).catch((cause: unknown) => {
    const why = cause instanceof ApiError ? ` (${cause.body.code})` : '';
    throw new EngineError('enrolment-refused', `The platform did not enrol this host${why}`, { cause });
  });
  const { hostId, hostName, certificate, ca } = answer;
  const identity = { platform, hostId, hostName, key, certificate, ca };
  await saveIdentity(stateDir, identity);
  return identity;
}
