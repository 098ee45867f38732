import { generateKeyPairSync, sign } from 'node:crypto';

export interface KeyAndRequest {
  /** PKCS #8, PEM. */
  readonly key: string;
  /** PKCS #10, PEM. */
  readonly csr: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const BIT_STRING = 0x03;
const UTF8_STRING = 0x0c;
const ATTRIBUTES = 0xa0;
/** INTEGER 0: version 1 of PKCS #10. */
const VERSION = Buffer.from('020100', 'hex');
/** OBJECT IDENTIFIER 2.5.4.3, commonName (RFC 5280, appendix A). */
const COMMON_NAME = Buffer.from('0603550403', 'hex');
/** OBJECT IDENTIFIER 1.2.840.10045.4.3.2, ecdsa-with-SHA256 (RFC 5758, 3.2). */
const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');

/**
 * A new P-256 key and a request for its certificate (RFC 2986). The platform decides about the subject: it knows the
 * host's name. Written out here because a request of four fields needs no ASN.1 library in a privileged process.
 */
export function createKeyAndRequest(commonName: string): KeyAndRequest {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from(commonName)))));
  const publicKeyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const info = der(SEQUENCE, VERSION, name, publicKeyInfo, der(ATTRIBUTES));
  const signature = sign('sha256', info, privateKey);
  const unusedBits = Buffer.of(0);
  const request = der(SEQUENCE, info, der(SEQUENCE, ECDSA_WITH_SHA256), der(BIT_STRING, unusedBits, signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    csr: pem('CERTIFICATE REQUEST', request),
  };
}

/** Tag, length, value (X.690, 8.1); nothing here is longer than 65,535 bytes. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const header =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), value]);
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
