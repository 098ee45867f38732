import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The builder's Ed25519 key (RFC 8032), made at first use. Nobody but its owner reads the file. */
export function builderKey(file: string): KeyObject {
  // Others enter the folder above: the platform's database has its place there.
  mkdirSync(dirname(dirname(file)), { recursive: true });
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(fresh, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  try {
    // Of several that begin at once only one's key stays.
    linkSync(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh);
  }
  chmodSync(file, 0o600);
  return createPrivateKey(readFileSync(file));
}

export const publicKeyText = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();

/** Ed25519 over the bytes as they are, in base64. */
export const signText = (text: string, key: KeyObject): string => sign(null, Buffer.from(text), key).toString('base64');
