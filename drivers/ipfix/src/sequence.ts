const MODULUS = 0x1_0000_0000;

/** A counter modulo 2³² and what it should show next. */
export interface Expectation {
  next: number;
  known: boolean;
}

/** What a message's number says about those before it. */
export interface SequenceVerdict {
  /** Units (records for IPFIX and NetFlow v5, packets for NetFlow v9) that did not come. */
  readonly lost: number;
  /** The number went backwards: reordered, repeated, or the exporter began anew. */
  readonly reset: boolean;
}

const IN_ORDER: SequenceVerdict = Object.freeze({ lost: 0, reset: false });
const RESET: SequenceVerdict = Object.freeze({ lost: 0, reset: true });

/**
 * Follows the sequence numbers of one exporter.
 *
 * RFC 7011 counts per observation domain. Open vSwitch up to at least 3.1 counts per exporter over all its domains,
 * which would look like a gap at every change of domain. So both counts are kept, and the one that fits more often is
 * believed.
 */
export class SequenceTracker {
  readonly #exporter: Expectation = { next: 0, known: false };
  #votesForExporter = 0;

  /**
   * @param domain the domain's own expectation
   * @param number the message's sequence number: units sent before it
   * @param units what this message holds; null when that cannot be told (a set without its template)
   */
  observe(domain: Expectation, number: number, units: number | null): SequenceVerdict {
    const verdict = this.#judge(domain, number);
    for (const expectation of [domain, this.#exporter]) {
      expectation.known = units !== null;
      expectation.next = (number + (units ?? 0)) % MODULUS;
    }
    return verdict;
  }

  #judge(domain: Expectation, number: number): SequenceVerdict {
    const fitsDomain = domain.known && domain.next === number;
    const fitsExporter = this.#exporter.known && this.#exporter.next === number;
    if (fitsDomain !== fitsExporter && domain.known && this.#exporter.known) {
      this.#votesForExporter = Math.max(-8, Math.min(8, this.#votesForExporter + (fitsExporter ? 1 : -1)));
    }
    if (fitsDomain || fitsExporter) return IN_ORDER;
    const believed = this.#votesForExporter > 0 ? this.#exporter : domain;
    if (!believed.known) return IN_ORDER;
    const ahead = (number - believed.next + MODULUS) % MODULUS;
    return ahead < MODULUS / 2 ? { lost: ahead, reset: false } : RESET;
  }
}
