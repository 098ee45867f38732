/** Why a datagram, or the rest of it, was left out. */
export type SflowMalformed = 'short' | 'version' | 'address' | 'sample-length' | 'record-length';

/** Counters since the decoder was made. They only grow. */
export interface SflowStats {
  datagrams: number;
  /** Sampled packets handed over. */
  samples: number;
  /** Samples of counters, and kinds of samples that nobody here reads; skipped by their length. */
  otherSamples: number;
  /** Samples of packets that are not IP, or of which too little was captured to tell. */
  unreadPackets: number;
  /** Datagrams that sequence numbers show as missing. */
  lost: number;
  /** Times that a sequence number went backwards: reordered, repeated, or the agent began anew. */
  sequenceResets: number;
  readonly malformed: Record<SflowMalformed, number>;
}

export function newStats(): SflowStats {
  return {
    datagrams: 0,
    samples: 0,
    otherSamples: 0,
    unreadPackets: 0,
    lost: 0,
    sequenceResets: 0,
    malformed: { short: 0, version: 0, address: 0, 'sample-length': 0, 'record-length': 0 },
  };
}
