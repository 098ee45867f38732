/** Octets of XDR (RFC 4506), for tests: numbers become 32 bits, octets stand as they are. */
export function xdr(...parts: readonly (number | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part !== 'number') return part;
      const word = Buffer.alloc(4);
      word.writeUInt32BE(part >>> 0);
      return word;
    }),
  );
}

/** Octets with their length before and padding behind them. */
export function opaque(octets: Uint8Array): Buffer {
  return Buffer.concat([xdr(octets.length), octets, Buffer.alloc(-octets.length & 3)]);
}

/** A sample or a record: its format, and what it holds. */
export const labelled = (format: number, ...parts: readonly (number | Uint8Array)[]): Buffer =>
  xdr(format, opaque(xdr(...parts)));

interface DatagramSpec {
  readonly agent?: Uint8Array;
  readonly subAgent?: number;
  readonly sequence?: number;
  /** {@link labelled} ones. */
  readonly samples: readonly Uint8Array[];
  readonly count?: number;
}

const AGENT = Uint8Array.of(192, 0, 2, 1);

export function datagram({ agent = AGENT, subAgent = 0, sequence = 1, samples, count }: DatagramSpec): Buffer {
  const kind = agent.length === 4 ? 1 : 2;
  return xdr(5, kind, agent, subAgent, sequence, 60_000, count ?? samples.length, ...samples);
}

/** `flow_sample` of one packet in `rate`, with these records. */
export const flowSample = (rate: number, ...records: readonly Uint8Array[]): Buffer =>
  labelled(1, 7, 3, rate, rate * 10, 0, 1, 2, records.length, ...records);

/** `flow_sample_expanded`. */
export const expandedFlowSample = (rate: number, ...records: readonly Uint8Array[]): Buffer =>
  labelled(3, 7, 0, 3, rate, rate * 10, 0, 0, 1, 0, 2, records.length, ...records);

/** `sampled_header` of an Ethernet frame (protocol 1), of IPv4 (11) or IPv6 (12). */
export const sampledHeader = (header: Uint8Array, protocol = 1, frameLength = header.length + 4): Buffer =>
  labelled(1, protocol, frameLength, 4, opaque(header));
