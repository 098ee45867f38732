import { OvsError } from '../errors.ts';

/** A meter with one band that drops what is over it: a bucket of `burst` that fills by `rate` each second. */
export interface MeterSpec {
  /** 1 … 0xffff0000, as the flows' `meter` actions name it. */
  readonly id: number;
  /** What is counted: kilobits, or packets. */
  readonly unit: 'kbps' | 'pktps';
  readonly rate: number;
  /** In kilobits, or packets. */
  readonly burst: number;
}

export interface MeterStats {
  readonly id: number;
  /** What came to the meter. */
  readonly packets: bigint;
  readonly bytes: bigint;
  /** What of it was over, and ended there. */
  readonly droppedPackets: bigint;
  readonly droppedBytes: bigint;
}

/** What a meter does, as it stands on the wire: flags, and bands. Two that are equal do the same. */
export interface RawMeter {
  readonly id: number;
  readonly definition: Buffer;
}

/** OFPMC_* (OpenFlow 1.5.1, 7.3.4.5). */
export const meterCommand = { add: 0, modify: 1, delete: 2 } as const;

/** OFPM_MAX and OFPM_ALL (7.3.4.5). */
const largestId = 0xffff_0000;
const allMeters = 0xffff_ffff;

const flag = { kbps: 1, pktps: 2, burst: 4, stats: 8 } as const;
const bandDrop = 1;
const bandLength = 16;

/** Throws `bad-value`. */
export function defineMeter({ id, unit, rate, burst }: MeterSpec): RawMeter {
  checkNumber('meter', id, 1, largestId);
  checkNumber('rate', rate, 1, 0xffff_ffff);
  checkNumber('burst', burst, 1, 0xffff_ffff);
  const definition = Buffer.alloc(2 + bandLength);
  definition.writeUInt16BE(flag[unit] | flag.burst | flag.stats, 0);
  definition.writeUInt16BE(bandDrop, 2);
  definition.writeUInt16BE(bandLength, 4);
  definition.writeUInt32BE(rate, 6);
  definition.writeUInt32BE(burst, 10);
  return { id, definition };
}

function checkNumber(what: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new OvsError('bad-value', `${value} is no ${what} of a meter: it is a number from ${min} to ${max}.`);
}

/** The body of an OFPT_METER_MOD. */
export function encodeMeterMod(command: number, { id, definition }: RawMeter): Buffer {
  const body = Buffer.alloc(6 + definition.length);
  body.writeUInt16BE(command, 0);
  definition.copy(body, 2, 0, 2);
  body.writeUInt32BE(id, 4);
  definition.copy(body, 8, 2);
  return body;
}

/** A request for all meters: OFPMP_METER_STATS and OFPMP_METER_DESC have the same. */
export function encodeMeterRequest(): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt32BE(allMeters, 0);
  return body;
}

const descHeader = 8;

/** Reads `ofp_meter_desc` entries (7.3.5.15). Throws `protocol` when lengths do not add up. */
export function readMeters(body: Buffer): RawMeter[] {
  return entries(body, descHeader, 0, (entry) => ({
    id: entry.readUInt32BE(4),
    definition: Buffer.concat([entry.subarray(2, 4), entry.subarray(descHeader)]),
  }));
}

const statsHeader = 40;
const bandStats = 16;

/** Reads `ofp_meter_stats` entries (7.3.5.14). Throws `protocol` when lengths do not add up. */
export function readMeterStats(body: Buffer): MeterStats[] {
  return entries(body, statsHeader, 4, (entry) => {
    let [droppedPackets, droppedBytes] = [0n, 0n];
    for (let at = statsHeader; at + bandStats <= entry.length; at += bandStats) {
      droppedPackets += entry.readBigUInt64BE(at);
      droppedBytes += entry.readBigUInt64BE(at + 8);
    }
    const [packets, bytes] = [entry.readBigUInt64BE(16), entry.readBigUInt64BE(24)];
    return { id: entry.readUInt32BE(0), packets, bytes, droppedPackets, droppedBytes };
  });
}

/** Entries that have their own length in two bytes at `lengthAt`. */
function entries<T>(body: Buffer, shortest: number, lengthAt: number, read: (entry: Buffer) => T): T[] {
  const found: T[] = [];
  for (let offset = 0; offset < body.length; ) {
    const length = offset + shortest <= body.length ? body.readUInt16BE(offset + lengthAt) : 0;
    if (length < shortest || offset + length > body.length)
      throw new OvsError('protocol', 'The switch sent a meter whose length is wrong.');
    found.push(read(body.subarray(offset, offset + length)));
    offset += length;
  }
  return found;
}
