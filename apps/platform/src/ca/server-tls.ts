import type { Server } from 'node:http';
import type { SecureContextOptions, TlsOptions, Server as TlsServer } from 'node:tls';
import type { Authority } from './authority.ts';
import { issueServerCertificate, type ServerCertificate } from './issue.ts';

export interface ServerTls {
  readonly options: TlsOptions;
  /** Puts a new certificate in place when a third of the present one's life is left. */
  renewIfDue(server: Server): Promise<void>;
}

const RENEW_BEFORE_MS = 30 * 86_400_000;

/** The TLS side of the server: a certificate of our own authority, and engines asked for theirs. */
export async function createServerTls(authority: Authority, names: readonly string[]): Promise<ServerTls> {
  let certificate = await issueServerCertificate(authority, names);
  const contextOf = ({ keyPem, pem }: ServerCertificate): SecureContextOptions => ({
    key: keyPem,
    cert: `${pem}\n${authority.pem}`,
    ca: authority.pem,
    minVersion: 'TLSv1.2',
  });
  return {
    // Browsers have none; whoever needs one is looked at where it matters (identifyEngine).
    options: { ...contextOf(certificate), requestCert: true, rejectUnauthorized: false },
    async renewIfDue(server) {
      if (certificate.notAfter.getTime() - Date.now() > RENEW_BEFORE_MS) return;
      certificate = await issueServerCertificate(authority, names);
      (server as unknown as TlsServer).setSecureContext(contextOf(certificate));
    },
  };
}
