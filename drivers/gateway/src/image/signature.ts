import { createPublicKey, verify } from 'node:crypto';

/** Whether the builder with this key (Ed25519, RFC 8032) signed these bytes: false for any other text, key or signature. */
export function isSigned(text: string, signature: string, publicKey: string): boolean {
  try {
    return verify(null, Buffer.from(text), createPublicKey(publicKey), Buffer.from(signature.trim(), 'base64'));
  } catch {
    return false;
  }
}
