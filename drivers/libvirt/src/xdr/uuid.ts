import { LibvirtError } from '../errors.ts';
import type { Codec } from './codec.ts';

const CANONICAL = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** 16 bytes on the wire, RFC 9562's text here: lower case with hyphens. */
export const uuid: Codec<string> = {
  minSize: 16,
  read: (reader) => {
    const hex = reader.bytes(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  },
  write: (writer, value) => {
    if (!CANONICAL.test(value)) throw new LibvirtError('bad-argument', `"${value}" is not a UUID`);
    writer.bytes(Buffer.from(value.replaceAll('-', ''), 'hex'));
  },
};
