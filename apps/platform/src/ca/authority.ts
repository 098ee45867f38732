import { createHash, webcrypto } from 'node:crypto';
import type { Database } from '../state/database.ts';
import { lock, PLATFORM, transact } from '../state/work.ts';
import type { Vault } from './key-file.ts';
import * as x509 from './x509.ts';

export const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const ROOT_YEARS = 20;
const DAY_MS = 86_400_000;

/** A host whose clock is behind ours must not find our certificates in its future: it could not even tell of its clock. */
export const BACKDATE_MS = DAY_MS;

export interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly pem: string;
  /** SHA-256 of the DER form in lower-case hex: what `--ca-fingerprint` carries. */
  readonly fingerprint: string;
  readonly key: CryptoKey;
}

/** The root of this installation's certificates, made on first use and kept in the database under the vault's key. */
export async function openAuthority(db: Database, vault: Vault): Promise<Authority> {
  const row = await transact(db, PLATFORM, async ({ tx, audit }) => {
    await lock(tx, 'bootstrap');
    const existing = await tx.selectFrom('authority').selectAll().executeTakeFirst();
    if (existing !== undefined) return existing;
    const made = await makeRoot();
    const sealed = { certificate: made.pem, sealed_key: vault.seal(made.pkcs8) };
    audit({ action: 'authority.created', subject: 'authority' });
    return tx.insertInto('authority').values(sealed).returningAll().executeTakeFirstOrThrow();
  });
  const certificate = new x509.X509Certificate(row.certificate);
  const pkcs8 = vault.open(row.sealed_key);
  const key = await webcrypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), ALGORITHM, false, ['sign']);
  pkcs8.fill(0);
  return Object.freeze({
    certificate,
    pem: row.certificate,
    fingerprint: createHash('sha256').update(Buffer.from(certificate.rawData)).digest('hex'),
    key,
  });
}

async function makeRoot(): Promise<{ pem: string; pkcs8: Buffer }> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Hypervigil authority',
    keys,
    serialNumber: serialNumber(),
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(now + ROOT_YEARS * 365 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    pem: certificate.toString('pem'),
    pkcs8: Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)),
  };
}

/** 127 random bits, positive and without leading zero octets (RFC 5280, 4.1.2.2). */
export function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}
