import { GATEWAY_PROBE_ETHERTYPE } from '@hypervigil/model';

/**
 * What a host sends into one side of a gateway and awaits on the other:
 *
 * ```
 *  0        6        12    14     18    20      21         25
 *  ┌────────┬────────┬─────┬──────┬─────┬───────┬──────────┬───────┬─────────┐
 *  │ to     │ from   │ 88b5│ HVP1 │ num │ side  │ sequence │ token │ padding │   numbers big-endian
 *  └────────┴────────┴─────┴──────┴─────┴───────┴──────────┴───────┴─────────┘
 * ```
 */
export interface Probe {
  /** Of the gateway. */
  readonly num: number;
  /** Into which side it was sent. */
  readonly side: 'left' | 'right';
  readonly sequence: number;
}

/** Locally administered, and nobody's. */
const TO = '024856000002';
const FROM = '024856000001';
const MAGIC = 'HVP1';
const LENGTH = 60;
export const TOKEN_BYTES = 8;

/** @param token secret of this process: what somebody else made up is no answer */
export function encodeProbe({ num, side, sequence }: Probe, token: Buffer): Buffer {
  const frame = Buffer.alloc(LENGTH);
  frame.write(TO + FROM, 'hex');
  frame.writeUInt16BE(GATEWAY_PROBE_ETHERTYPE, 12);
  frame.write(MAGIC, 14);
  frame.writeUInt16BE(num, 18);
  frame.writeUInt8(side === 'left' ? 0 : 1, 20);
  frame.writeUInt32BE(sequence, 21);
  token.copy(frame, 25, 0, TOKEN_BYTES);
  return frame;
}

/** Undefined when it is no probe of this process. */
export function readProbe(frame: Buffer, token: Buffer): Probe | undefined {
  if (frame.length < 25 + TOKEN_BYTES) return undefined;
  if (frame.readUInt16BE(12) !== GATEWAY_PROBE_ETHERTYPE || frame.toString('latin1', 14, 18) !== MAGIC)
    return undefined;
  if (!frame.subarray(25, 25 + TOKEN_BYTES).equals(token)) return undefined;
  return {
    num: frame.readUInt16BE(18),
    side: frame.readUInt8(20) === 0 ? 'left' : 'right',
    sequence: frame.readUInt32BE(21),
  };
}
