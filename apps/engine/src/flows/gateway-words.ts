import type { FlowRecord } from '@hypervigil/contract';
import { MAX_SIGNATURES, type Signature } from '@hypervigil/model';
import { PROTOCOL } from '@hypervigil/policy';
import { createNotes } from './notes.ts';

type Inspection = NonNullable<FlowRecord['inspection']>;
type Recognised = Pick<Inspection, 'applications' | 'name' | 'risks'>;

/** Between whom, as a gateway knows connections: where others have a port, ICMP has its type and its code. */
export interface Meeting {
  readonly net: number;
  readonly protocol: number;
  readonly srcIp: string;
  readonly dstIp: string;
  readonly srcPort: number;
  readonly dstPort: number;
}

/** What a gateway says of a connection. */
export interface GatewayWord extends Meeting {
  /** Null when it does not know, or has said it before. */
  readonly recognised: Recognised | null;
  /** The rule that ended it in the gateway. */
  readonly deniedBy: number | null;
  /** For what; null when it does not say, or has said it before. */
  readonly blocked: Inspection['blocked'];
  /** The gateway, by its number, where it was recognised from copies alone; absent for what went through. */
  readonly copiedTo?: number | null;
  /** What its intrusion detection has seen in the connection. */
  readonly signature?: Signature;
}

/** All that gateways have said of one connection. */
export interface Said {
  recognised: Recognised | null;
  deniedBy: number | null;
  blocked: Inspection['blocked'];
  /** The gateway that has recognised it from copies, by its number. */
  copiedTo: number | null;
  signatures: readonly Signature[];
  /** Of a clock that only moves forward. */
  heardMs: number;
  words: number;
  /** Of the words, those that stand in a record. */
  told: number;
}

const NOTHING: Said = {
  ...{ recognised: null, deniedBy: null, blocked: null, copiedTo: null, signatures: [] },
  ...{ heardMs: 0, words: 0, told: 0 },
};

/** What gateways have said, until connections take it up that the switch tells of: it may do so earlier or later. */
export interface GatewayWords {
  hear(word: GatewayWord): Said;
  /** Kept for as long as it is asked for. */
  of(meeting: string): Said | undefined;
  expire(): void;
  readonly isEmpty: boolean;
}

interface WordsOptions {
  readonly max: number;
  readonly ttlMs: number;
  readonly steady: () => number;
}

export function createGatewayWords({ max, ttlMs, steady }: WordsOptions): GatewayWords {
  const all = createNotes<Said>({ max, ttlMs, steady, isSame: (a, b) => a === b });
  return {
    hear(word) {
      const meeting = meetingOf(word);
      const said = all.get(meeting) ?? { ...NOTHING };
      said.recognised = word.recognised ?? said.recognised;
      if (word.copiedTo != null) said.copiedTo = word.copiedTo;
      else {
        // Who gets copies ends nothing.
        said.deniedBy = word.deniedBy;
        said.blocked = word.deniedBy === null ? null : (word.blocked ?? said.blocked);
      }
      if (word.signature) said.signatures = withSignature(said.signatures, word.signature);
      said.heardMs = steady();
      said.words++;
      all.set(meeting, said);
      return said;
    },
    of(meeting) {
      const said = all.get(meeting);
      if (said) all.set(meeting, said);
      return said;
    },
    expire: all.expire,
    get isEmpty() {
      return all.isEmpty;
    },
  };
}

/** Each one once, as it was seen first. */
function withSignature(known: readonly Signature[], seen: Signature): readonly Signature[] {
  const isKnown = known.some(({ id, message }) => id === seen.id && message === seen.message);
  return isKnown || known.length >= MAX_SIGNATURES ? known : [...known, seen];
}

/** One name for a connection, whichever end the gateway takes for the one that began it. */
export function meetingOf({ net, protocol, srcIp, dstIp, srcPort, dstPort }: Meeting): string {
  const isIcmp = protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
  const isInOrder = isIcmp || srcIp < dstIp || (srcIp === dstIp && srcPort <= dstPort);
  return isInOrder
    ? `${net} ${protocol} ${srcIp} ${srcPort} ${dstIp} ${dstPort}`
    : `${net} ${protocol} ${dstIp} ${dstPort} ${srcIp} ${srcPort}`;
}
