import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { ApiFailure } from '../errors.ts';
import type { Database } from '../state/database.ts';
import { hostUrn } from './issue.ts';

/** A host that showed a certificate of ours which is still good. */
export interface EngineIdentity {
  readonly hostId: string;
  readonly hostName: string;
}

/**
 * Who the other end of a TLS connection is. TLS has checked signature, dates and purpose; here it is checked that we
 * gave the certificate out and have not revoked its host.
 * @throws ApiFailure `not-signed-in` without such a certificate, `forbidden` when the host is revoked
 */
export async function identifyEngine(db: Database, request: IncomingMessage): Promise<EngineIdentity> {
  const { socket } = request;
  if (!(socket instanceof TLSSocket) || !socket.authorized) throw new ApiFailure('no-certificate', {});
  const { serialNumber, subjectaltname } = socket.getPeerCertificate();
  const host = await db
    .selectFrom('certificates')
    .innerJoin('hosts', 'hosts.id', 'certificates.host_id')
    .select(['hosts.id', 'hosts.name', 'hosts.revoked'])
    .where('certificates.serial', '=', (serialNumber ?? '').toLowerCase())
    .executeTakeFirst();
  if (host === undefined || subjectaltname !== `URI:${hostUrn(host.id)}`)
    throw new ApiFailure('unknown-certificate', {});
  if (host.revoked) throw new ApiFailure('host-revoked', {});
  return { hostId: host.id, hostName: host.name };
}
