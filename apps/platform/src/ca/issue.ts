import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { badField } from '../errors.ts';
import { ALGORITHM, type Authority, BACKDATE_MS, serialNumber } from './authority.ts';
import * as x509 from './x509.ts';

export interface Issued {
  readonly pem: string;
  readonly serial: string;
  readonly notAfter: Date;
}

/** `urn:hypervigil:host:<id>`: the name by which a host's certificate is recognised. */
export const hostUrn = (hostId: string) => `urn:hypervigil:host:${hostId}`;

const SERVER_DAYS = 90;
const days = (n: number) => new Date(Date.now() + n * 86_400_000);

/**
 * A client certificate for a host, for the key of its request. Nothing else of the request is believed.
 * @throws ApiFailure `invalid-request` when it is not a request for an ECDSA P-256 key, signed with that key
 */
export async function issueHostCertificate(
  authority: Authority,
  csrPem: string,
  host: { id: string; days: number },
): Promise<Issued> {
  const publicKey = await requestedKey(csrPem);
  return issue(authority, publicKey, {
    subject: `CN=${host.id}`,
    notAfter: days(host.days),
    usage: x509.ExtendedKeyUsage.clientAuth,
    names: [{ type: 'url', value: hostUrn(host.id) }],
  });
}

export interface ServerCertificate extends Issued {
  readonly keyPem: string;
}

/** A server certificate with a new key of its own for these names and addresses. */
export async function issueServerCertificate(
  authority: Authority,
  names: readonly string[],
): Promise<ServerCertificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const issued = await issue(authority, keys.publicKey, {
    subject: 'CN=Hypervigil platform',
    notAfter: days(SERVER_DAYS),
    usage: x509.ExtendedKeyUsage.serverAuth,
    names: names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return { ...issued, keyPem: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') };
}

async function issue(
  authority: Authority,
  publicKey: CryptoKey,
  what: { subject: string; notAfter: Date; usage: string; names: x509.JsonGeneralNames },
): Promise<Issued> {
  const serial = serialNumber();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: what.subject,
    issuer: authority.certificate.subject,
    serialNumber: serial,
    // Not by more than its life, or what renews by a share of it would renew at once.
    notBefore: new Date(Date.now() - Math.min(BACKDATE_MS, what.notAfter.getTime() - Date.now())),
    notAfter: what.notAfter,
    signingKey: authority.key,
    publicKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([what.usage]),
      new x509.SubjectAlternativeNameExtension(what.names),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return { pem: certificate.toString('pem'), serial, notAfter: what.notAfter };
}

async function requestedKey(csrPem: string): Promise<CryptoKey> {
  const key = await readRequest(csrPem).catch(() => {
    throw badField('csr', { code: 'not-a-csr', params: {} });
  });
  const { name, namedCurve } = key.algorithm as { name: string; namedCurve?: string };
  if (name !== 'ECDSA' || namedCurve !== 'P-256') throw badField('csr', { code: 'wrong-key', params: {} });
  return key;
}

async function readRequest(csrPem: string): Promise<CryptoKey> {
  const request = new x509.Pkcs10CertificateRequest(csrPem);
  if (!(await request.verify())) throw new Error('the signature does not fit the key');
  return request.publicKey.export();
}
