import { headerLength, messageType, version } from './message.ts';

/** OFPFC_* (OpenFlow 1.5.1, 7.3.4.3). Add replaces a flow with the same table, priority and match and keeps its counters. */
export const flowCommand = { add: 0, deleteStrict: 4 } as const;

export interface FlowMod {
  readonly command: number;
  readonly table: number;
  readonly priority: number;
  readonly cookie: bigint;
  /** OXM entries. */
  readonly match: Buffer;
  readonly instructions: Buffer;
}

const fixedLength = 40;
const matchTypeOxm = 1;
const any = 0xffff_ffff;
const noBuffer = 0xffff_ffff;

const align = (length: number): number => (length + 7) & ~7;

/** The length of a whole OFPT_FLOW_MOD. */
export function flowModLength({ match, instructions }: FlowMod): number {
  return headerLength + fixedLength + align(4 + match.length) + instructions.length;
}

/** Writes a whole OFPT_FLOW_MOD into zeroed bytes. */
export function writeFlowMod(out: Buffer, offset: number, xid: number, flow: FlowMod): void {
  const { command, table, priority, cookie, match, instructions } = flow;
  writeHeader(out, offset, messageType.flowMod, flowModLength(flow), xid);
  const at = offset + headerLength;
  out.writeBigUInt64BE(cookie, at);
  out.writeUInt8(table, at + 16);
  out.writeUInt8(command, at + 17);
  out.writeUInt16BE(priority, at + 22);
  out.writeUInt32BE(noBuffer, at + 24);
  out.writeUInt32BE(any, at + 28);
  out.writeUInt32BE(any, at + 32);
  writeMatch(out, at + fixedLength, match);
  instructions.copy(out, at + fixedLength + align(4 + match.length));
}

export function writeHeader(out: Buffer, offset: number, type: number, length: number, xid: number): void {
  out.writeUInt8(version, offset);
  out.writeUInt8(type, offset + 1);
  out.writeUInt16BE(length, offset + 2);
  out.writeUInt32BE(xid, offset + 4);
}

/** `ofp_match`: type, length without padding, entries; the padding is there already. */
export function writeMatch(out: Buffer, offset: number, oxm: Buffer): void {
  out.writeUInt16BE(matchTypeOxm, offset);
  out.writeUInt16BE(4 + oxm.length, offset + 2);
  oxm.copy(out, offset + 4);
}
