import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A throw-away certificate authority made with OpenSSL: another implementation than the one under test. */
export interface TestAuthority {
  /** PEM. */
  readonly ca: string;
  /** SHA-256 of the authority's certificate, hexadecimal. */
  readonly fingerprint: string;
  readonly server: { readonly key: string; readonly chain: string };
  /** Signs a PKCS #10 request for a host; its common name becomes `hostId`. */
  sign(csr: string, hostId: string, days?: number): Promise<string>;
  remove(): Promise<void>;
}

/** @param address where the server will be reached, besides `localhost` and 127.0.0.1 */
export async function createAuthority(address = '127.0.0.1'): Promise<TestAuthority> {
  const dir = await mkdtemp('/tmp/hv-ca-');
  const at = (name: string): string => path.join(dir, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await run('openssl', [
    ...['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=test authority'],
    ...['-addext', 'keyUsage=critical,keyCertSign', '-keyout', at('ca.key'), '-out', at('ca.pem')],
  ]);
  await run('openssl', [
    ...['req', '-x509', ...newKey, '-days', '2', '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-subj', '/CN=platform'],
    ...[
      '-addext',
      `subjectAltName=DNS:localhost,IP:127.0.0.1,IP:${address}`,
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    ],
    ...['-keyout', at('server.key'), '-out', at('server.pem')],
  ]);
  const read = (name: string): Promise<string> => readFile(at(name), 'utf8');
  const ca = await read('ca.pem');
  let serial = 0;
  return {
    ca,
    fingerprint: createHash('sha256').update(new X509Certificate(ca).raw).digest('hex'),
    server: { key: await read('server.key'), chain: `${await read('server.pem')}${ca}` },
    async sign(csr, hostId, days = 1) {
      const request = at(`${++serial}.csr`);
      await writeFile(request, csr);
      const certificate = at(`${serial}.pem`);
      await run('openssl', [
        ...['x509', '-req', '-in', request, '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'],
        ...['-subj', `/CN=${hostId}`, '-days', String(days), '-out', certificate],
      ]);
      return await readFile(certificate, 'utf8');
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
