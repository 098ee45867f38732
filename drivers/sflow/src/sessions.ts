const MODULUS = 0x1_0000_0000;

/** What a datagram's number says about those before it. */
interface Verdict {
  /** Datagrams that did not come. */
  readonly lost: number;
  /** The number went backwards. */
  readonly isReset: boolean;
}

const IN_ORDER: Verdict = Object.freeze({ lost: 0, isReset: false });

/** Follows the sequence numbers of sub-agents; of too many, the one unheard for longest makes room. */
export class Sessions {
  readonly #limit: number;
  /** By agent and sub-agent, in order of the last datagram: the number that should come next. */
  readonly #next = new Map<string, number>();

  constructor(limit = 64) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#next.size;
  }

  observe(session: string, number: number): Verdict {
    const expected = this.#next.get(session);
    this.#next.delete(session);
    this.#next.set(session, (number + 1) % MODULUS);
    if (this.#next.size > this.#limit) this.#next.delete(this.#next.keys().next().value!);
    if (expected === undefined) return IN_ORDER;
    const ahead = (number - expected + MODULUS) % MODULUS;
    return ahead < MODULUS / 2 ? { lost: ahead, isReset: false } : { lost: 0, isReset: true };
  }
}
