import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, safe in a cookie, a URL and a command line. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a token. It is random and long, so a plain hash cannot be searched. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
