import { OvsError } from '../errors.ts';
import type { Instructions } from './actions/parse.ts';
import { readActions } from './actions/read.ts';

const gotoTable = 1;
const applyActions = 4;

/** OpenFlow 1.5.1, 7.2.5. No instructions: the packet is dropped. */
export function encodeInstructions({ actions, gotoTable: table }: Instructions): Buffer {
  const parts: Buffer[] = [];
  if (actions.length > 0) {
    const header = Buffer.alloc(8);
    header.writeUInt16BE(applyActions, 0);
    header.writeUInt16BE(8 + actions.reduce((size, { bytes }) => size + bytes.length, 0), 2);
    parts.push(header, ...actions.map(({ bytes }) => bytes));
  }
  if (table !== undefined) parts.push(Buffer.from([0, gotoTable, 0, 8, table, 0, 0, 0]));
  return Buffer.concat(parts);
}

/** Writes instructions as `ovs-ofctl dump-flows` does. Throws `protocol` when lengths do not add up. */
export function formatInstructions(bytes: Buffer): string {
  const parts: string[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    if (offset + 8 > bytes.length) throw new OvsError('protocol', 'The switch sent instructions that end inside one.');
    const [type, length] = [bytes.readUInt16BE(offset), bytes.readUInt16BE(offset + 2)];
    if (length < 8 || offset + length > bytes.length) {
      throw new OvsError('protocol', `The switch sent an instruction of ${length} bytes.`);
    }
    const body = bytes.subarray(offset + 8, offset + length);
    if (type === applyActions) parts.push(...readActions(body).map(({ text }) => text));
    else if (type === gotoTable) parts.push(`goto_table:${bytes.readUInt8(offset + 4)}`);
    else parts.push(`unknown(${bytes.subarray(offset, offset + length).toString('hex')})`);
    offset += length;
  }
  return parts.join(',') || 'drop';
}
