/** HMAC-SHA256 (RFC 2104, FIPS 180-4) of a text. */
export type Hmac = (key: string, text: string, encoding: 'hex' | 'base64') => string;

/**
 * What a webhook is signed with: an HMAC over the moment, a full stop, and the bytes of the body. Whoever has the key takes
 * the header apart, computes the same, and refuses what is old.
 */
export const signatureOf = (hmac: Hmac, key: string, seconds: number, body: string): string =>
  `t=${seconds},v1=${hmac(key, `${seconds}.${body}`, 'hex')}`;
