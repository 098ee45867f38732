/** What is read of a capture file (draft-ietf-opsawg-pcap), as tcpdump on this machine writes it: little-endian, microseconds. */
const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const MAGIC = 0xa1b2c3d4;
/** tcpdump's own bound (MAXIMUM_SNAPLEN). */
const MAX_RECORD_BYTES = 262_144;

export interface PcapRecord {
  readonly atMs: number;
  readonly data: Buffer;
  /** The record as it stands in the file, its header included. */
  readonly raw: Buffer;
}

export interface PcapEvents {
  readonly onHeader?: (linkType: number, raw: Buffer) => void;
  readonly onRecord: (record: PcapRecord) => void;
}

/** Reads a capture piece by piece. Throws a RangeError for what is no capture; holds at most one record. */
export function createPcapReader({ onHeader = () => {}, onRecord }: PcapEvents): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  let hasHeader = false;
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    let at = 0;
    if (!hasHeader) {
      if (pending.length < FILE_HEADER_BYTES) return;
      if (pending.readUInt32LE(0) !== MAGIC) throw new RangeError('this is no capture');
      onHeader(pending.readUInt32LE(20), Buffer.from(pending.subarray(0, FILE_HEADER_BYTES)));
      hasHeader = true;
      at = FILE_HEADER_BYTES;
    }
    while (pending.length - at >= RECORD_HEADER_BYTES) {
      const length = pending.readUInt32LE(at + 8);
      if (length > MAX_RECORD_BYTES) throw new RangeError(`a record of ${length} bytes`);
      const end = at + RECORD_HEADER_BYTES + length;
      if (pending.length < end) break;
      const atMs = pending.readUInt32LE(at) * 1000 + Math.floor(pending.readUInt32LE(at + 4) / 1000);
      onRecord({ atMs, data: pending.subarray(at + RECORD_HEADER_BYTES, end), raw: pending.subarray(at, end) });
      at = end;
    }
    pending = Buffer.from(pending.subarray(at));
  };
}
