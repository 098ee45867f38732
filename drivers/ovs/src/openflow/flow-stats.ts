import { OvsError } from '../errors.ts';
import { writeMatch } from './flow-mod.ts';

/** Which flows to read: a table, or cookies with the bits of the mask. */
export interface FlowFilter {
  readonly table?: number;
  readonly cookie?: bigint;
  readonly cookieMask?: bigint;
}

/** A flow as the switch tells it, undecoded. */
export interface RawFlow {
  readonly table: number;
  readonly priority: number;
  readonly cookie: bigint;
  /** OXM entries. */
  readonly match: Buffer;
  readonly instructions: Buffer;
  readonly packets: bigint;
  readonly bytes: bigint;
  readonly durationS: number;
}

const allTables = 0xff;
const any = 0xffff_ffff;

export function encodeFlowRequest({ table = allTables, cookie = 0n, cookieMask = 0n }: FlowFilter): Buffer {
  const body = Buffer.alloc(40);
  body.writeUInt8(table, 0);
  body.writeUInt32BE(any, 4);
  body.writeUInt32BE(any, 8);
  body.writeBigUInt64BE(cookie, 16);
  body.writeBigUInt64BE(cookieMask, 24);
  writeMatch(body, 32, Buffer.alloc(0));
  return body;
}

const fixedLength = 24;

/** Reads `ofp_flow_desc` entries (OpenFlow 1.5.1, 7.3.5.2). Throws `protocol` when lengths do not add up. */
export function readFlows(body: Buffer): RawFlow[] {
  const flows: RawFlow[] = [];
  for (let offset = 0; offset < body.length; ) {
    const length = offset + fixedLength <= body.length ? body.readUInt16BE(offset) : 0;
    if (length < fixedLength + 16 || offset + length > body.length) {
      throw new OvsError('protocol', 'The switch sent a flow whose length is wrong.');
    }
    flows.push(readFlow(body.subarray(offset, offset + length)));
    offset += length;
  }
  return flows;
}

function readFlow(entry: Buffer): RawFlow {
  const match = sized(entry, fixedLength, 'match');
  const stats = sized(entry, match.next, 'statistics');
  return {
    table: entry.readUInt8(4),
    priority: entry.readUInt16BE(6),
    cookie: entry.readBigUInt64BE(16),
    match: match.content,
    ...readCounters(stats.content),
    instructions: entry.subarray(stats.next),
  };
}

/** A structure of type or padding, its length, its content, and padding to eight. */
function sized(entry: Buffer, offset: number, what: string): { content: Buffer; next: number } {
  const length = offset + 4 <= entry.length ? entry.readUInt16BE(offset + 2) : 0;
  const next = offset + ((length + 7) & ~7);
  if (length < 4 || next > entry.length)
    throw new OvsError('protocol', `The switch sent a flow whose ${what} ends outside of it.`);
  return { content: entry.subarray(offset + 4, offset + length), next };
}

const statisticsClass = 0x8002;
const counter = { duration: 0, packets: 4, bytes: 5 } as const;

/** OXS entries (OpenFlow 1.5.1, 7.2.4). */
function readCounters(oxs: Buffer): Pick<RawFlow, 'packets' | 'bytes' | 'durationS'> {
  let [packets, bytes, durationS] = [0n, 0n, 0];
  for (let offset = 0; offset < oxs.length; ) {
    const end = offset + 4 + (offset + 4 <= oxs.length ? oxs.readUInt8(offset + 3) : 0);
    if (end > oxs.length || end === offset)
      throw new OvsError('protocol', 'The switch sent statistics that end inside an entry.');
    const isKnown = oxs.readUInt16BE(offset) === statisticsClass && end - offset === 12;
    const field = oxs.readUInt8(offset + 2) >> 1;
    if (isKnown && field === counter.duration)
      durationS = oxs.readUInt32BE(offset + 4) + oxs.readUInt32BE(offset + 8) / 1e9;
    else if (isKnown && field === counter.packets) packets = oxs.readBigUInt64BE(offset + 4);
    else if (isKnown && field === counter.bytes) bytes = oxs.readBigUInt64BE(offset + 4);
    offset = end;
  }
  return { packets, bytes, durationS };
}
