import { OvsError } from '../errors.ts';
import { type Message, version } from './message.ts';

const versionBitmap = 1;

/** OFPT_HELLO with OFPHET_VERSIONBITMAP: 1.5 only (OpenFlow 1.5.1, 7.5.1). */
export function encodeHello(): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16BE(versionBitmap, 0);
  body.writeUInt16BE(8, 2);
  body.writeUInt32BE(1 << version, 4);
  return body;
}

/** Throws `unsupported` when the peer does not speak 1.5. */
export function checkHello({ version: offered, body }: Message): void {
  const bitmap = readBitmap(body);
  const speaks = bitmap === undefined ? offered >= version : (bitmap & (1 << version)) !== 0;
  if (speaks) return;
  throw new OvsError('unsupported', 'The bridge does not speak OpenFlow 1.5. Add OpenFlow15 to its protocols.', {
    details: { offered, bitmap },
  });
}

function readBitmap(body: Buffer): number | undefined {
  for (let offset = 0; offset + 4 <= body.length; ) {
    const [type, length] = [body.readUInt16BE(offset), body.readUInt16BE(offset + 2)];
    if (length < 4 || offset + length > body.length) return undefined;
    if (type === versionBitmap && length >= 8) return body.readUInt32BE(offset + 4);
    offset += (length + 7) & ~7;
  }
  return undefined;
}
