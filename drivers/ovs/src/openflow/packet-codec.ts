import { OvsError } from '../errors.ts';
import { output } from './actions/output.ts';
import { knownField } from './fields.ts';
import { registersOf } from './match.ts';
import { decodeOxm, encodeOxm } from './match-codec.ts';
import { controllerPort, narrowPort, widenPort } from './ports.ts';

/** A packet that the switch's `CONTROLLER` action handed over. */
export interface PacketIn {
  /** OpenFlow port that it came in by. */
  readonly port: number;
  readonly table: number;
  /** Of the flow that sent it here. */
  readonly cookie: bigint;
  /** The frame, as far as the action's length goes. */
  readonly frame: Buffer;
  /** Values of registers at that moment, by number; absent ones are zero. */
  readonly registers: ReadonlyMap<number, number>;
}

const inPort = knownField('in_port_oxm');
const noBuffer = 0xffff_ffff;
const oxmMatch = 1;
const pad8 = (length: number): number => (length + 7) & ~7;

/** OFPT_PACKET_OUT (OpenFlow 1.5.1, 7.3.6): the frame leaves by `port`, as if no flow had met it. */
export function encodePacketOut(port: number, frame: Buffer): Buffer {
  const entry = encodeOxm([{ field: inPort, value: BigInt(widenPort(controllerPort)), mask: inPort.full }]);
  const match = Buffer.alloc(pad8(4 + entry.length));
  match.writeUInt16BE(oxmMatch, 0);
  match.writeUInt16BE(4 + entry.length, 2);
  entry.copy(match, 4);
  const { bytes } = output(port);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(noBuffer, 0);
  head.writeUInt16BE(bytes.length, 4);
  return Buffer.concat([head, match, bytes, frame]);
}

/** OFPT_PACKET_IN (OpenFlow 1.5.1, 7.4.1). Throws `protocol` when lengths do not add up. */
export function readPacketIn(body: Buffer): PacketIn {
  if (body.length < 20) throw new OvsError('protocol', 'The switch handed over a packet without a header.');
  const matchLength = body.readUInt16BE(18);
  const start = 16 + pad8(matchLength) + 2;
  if (matchLength < 4 || start > body.length)
    throw new OvsError('protocol', `The switch handed over a packet with a match of ${matchLength} bytes.`);
  const { match } = decodeOxm(body.subarray(20, 16 + matchLength));
  const port = match.find(({ field }) => field === inPort)?.value ?? 0n;
  return {
    port: narrowPort(Number(port)),
    table: body.readUInt8(7),
    cookie: body.readBigUInt64BE(8),
    frame: body.subarray(start),
    registers: new Map(match.flatMap(registersOf).map(({ number, value }) => [number, Number(value)])),
  };
}

/** OFPT_SET_CONFIG (OpenFlow 1.5.1, 7.3.2): whole packets. Without it, a management connection is handed none. */
export const WHOLE_PACKETS = Buffer.from([0, 0, 0xff, 0xff]);
