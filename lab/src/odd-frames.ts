import { type Ends, PROTOCOL, transportChecksum, u8, u16, u32 } from './frames.ts';

/** Parts of packets as no protocol stack would put them together. */

/** TCP's flags (RFC 9293, 3.1). */
const FLAGS = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;
export type TcpFlag = keyof typeof FLAGS;

export interface TcpSegment extends Ends {
  readonly sourcePort: number;
  readonly targetPort: number;
  /** Whether they make sense together or not. */
  readonly flags: readonly TcpFlag[];
  readonly data: string;
}

export function tcpSegment(tcp: TcpSegment): Buffer {
  const flags = tcp.flags.reduce((bits, flag) => bits | FLAGS[flag], 0);
  const head = [u16(tcp.sourcePort), u16(tcp.targetPort), u32(1), u32(tcp.flags.includes('ack') ? 1 : 0)];
  const window = [u16(0x5000 | flags), u16(0xffff)];
  const rest = [u16(0), Buffer.from(tcp.data)];
  const sum = transportChecksum(tcp, PROTOCOL.tcp, Buffer.concat([...head, ...window, u16(0), ...rest]));
  return Buffer.concat([...head, ...window, u16(sum), ...rest]);
}

/** Numbers of IPv6 extension headers (RFC 8200, 4.1). */
export const EXTENSION = { hopByHop: 0, routing: 43, destinationOptions: 60 } as const;

/** Six bytes of padding (RFC 8200, 4.2: PadN), and a routing header that nobody routes by: no segments left. */
const BODY = { hopByHop: [1, 4, 0, 0, 0, 0], routing: [4, 0, 0, 0, 0, 0], destinationOptions: [1, 4, 0, 0, 0, 0] };

/** A payload behind a chain of extension headers, and the number of the first of them. */
export function behindHeaders(
  chain: readonly (keyof typeof EXTENSION)[],
  protocol: number,
  payload: Uint8Array,
): { readonly first: number; readonly bytes: Buffer } {
  let first = protocol;
  let bytes = Buffer.from(payload);
  for (const name of chain.toReversed()) {
    bytes = Buffer.concat([u8(first), u8(0), Buffer.from(BODY[name]), bytes]);
    first = EXTENSION[name];
  }
  return { first, bytes };
}
