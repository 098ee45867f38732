import { ipv4Text, ipv6Text } from './address.ts';
import { type PacketSample, readFlowSample, SAMPLE } from './sample.ts';
import { Sessions } from './sessions.ts';
import { newStats, type SflowStats } from './stats.ts';
import { Xdr } from './xdr.ts';

export interface SflowDecoder {
  /**
   * Reads one datagram and calls back for each sampled IP packet in it, at once and in order.
   *
   * Never throws on what it reads: what cannot be understood is counted in {@link SflowDecoder.stats} and left out.
   * @param source names who sent it: sequence numbers are kept for each, its agent and its sub-agent
   * @param length of the datagram, when it does not fill `bytes`
   */
  decode(bytes: Uint8Array, source: string, onSample: (sample: PacketSample) => void, length?: number): void;
  readonly stats: Readonly<SflowStats>;
}

/** A decoder of sFlow version 5 (sflow.org, "sFlow Version 5", July 2004: sflow_version_5.txt). */
export function createSflowDecoder(): SflowDecoder {
  return new Decoder();
}

const VERSION = 5;
const ADDRESS = { unknown: 0, ipv4: 1, ipv6: 2 } as const;

class Decoder implements SflowDecoder {
  readonly stats: SflowStats = newStats();
  readonly #sessions = new Sessions();

  decode(
    bytes: Uint8Array,
    source: string,
    onSample: (sample: PacketSample) => void,
    length: number = bytes.length,
  ): void {
    const { stats } = this;
    stats.datagrams++;
    const xdr = new Xdr(bytes, 0, length);
    const version = xdr.u32();
    if (!xdr.isTorn && version !== VERSION) {
      stats.malformed.version++;
      return;
    }
    const agent = agentOf(xdr);
    if (agent === null) {
      stats.malformed.address++;
      return;
    }
    const [subAgent, sequence] = [xdr.u32(), xdr.u32()];
    // Time since the agent's machine began.
    xdr.u32();
    const count = xdr.u32();
    if (xdr.isTorn) {
      stats.malformed.short++;
      return;
    }
    const { lost, isReset } = this.#sessions.observe(`${source} ${agent} ${subAgent}`, sequence);
    stats.lost += lost;
    if (isReset) stats.sequenceResets++;
    this.#samples(xdr, count, onSample);
  }

  /** Each has its kind and its length, so that unknown ones are skipped. */
  #samples(xdr: Xdr, count: number, onSample: (sample: PacketSample) => void): void {
    for (let left = count; left > 0; left--) {
      const kind = xdr.u32();
      const sample = xdr.opaque();
      if (sample === null) {
        this.stats.malformed['sample-length']++;
        return;
      }
      if (kind === SAMPLE.flow || kind === SAMPLE.expandedFlow) this.#flow(sample, kind, onSample);
      else this.stats.otherSamples++;
    }
  }

  #flow(xdr: Xdr, kind: number, onSample: (sample: PacketSample) => void): void {
    const sample = readFlowSample(xdr, kind === SAMPLE.expandedFlow);
    if (sample === null) this.stats.malformed['record-length']++;
    else if (sample === undefined) this.stats.unreadPackets++;
    else {
      this.stats.samples++;
      onSample(sample);
    }
  }
}

/** @returns null for a kind of address that the specification has not; a torn one is told by the reader */
function agentOf(xdr: Xdr): string | null {
  const kind = xdr.u32();
  switch (kind) {
    case ADDRESS.unknown:
      return '';
    case ADDRESS.ipv4: {
      const at = xdr.skip(4);
      return at < 0 ? '' : ipv4Text(xdr.bytes, at);
    }
    case ADDRESS.ipv6: {
      const at = xdr.skip(16);
      return at < 0 ? '' : ipv6Text(xdr.bytes, at);
    }
    default:
      return null;
  }
}
