import { OvsError } from '../errors.ts';
import type { Connection } from './connection.ts';
import { messageType } from './message.ts';

/** OFPMP_* (OpenFlow 1.5.1, 7.3.5): what can be read from a switch. */
export const multipartType = { flow: 1, table: 3, meter: 9, meterDesc: 10 } as const;

const moreFollows = 1;
const headerLength = 8;
/** A million flows of a pipeline are about 250 MB. */
const maxBytes = 1 << 30;

/** Asks for what may need several messages; returns their bodies. Throws `too-large` when they do not end. */
export async function askMultipart(
  connection: Connection,
  what: string,
  type: number,
  request: Buffer,
): Promise<Buffer[]> {
  const header = Buffer.alloc(headerLength);
  header.writeUInt16BE(type, 0);
  let size = 0;
  const answers = await connection.ask(
    what,
    messageType.multipartRequest,
    Buffer.concat([header, request]),
    ({ body }) => {
      if (body.length < headerLength || body.readUInt16BE(0) !== type) {
        throw new OvsError('protocol', `The switch answered ${what} with something else.`);
      }
      size += body.length;
      if (size > maxBytes)
        throw new OvsError('too-large', `The switch answered ${what} with more than ${maxBytes} bytes.`);
      return (body.readUInt16BE(2) & moreFollows) === 0;
    },
  );
  return answers.map(({ body }) => body.subarray(headerLength));
}
