import { type Block, type Family, formatBlock, parseBlock, widthOf } from '../address.ts';
import { getOrAdd } from '../maps.ts';
import type { Bits } from './bits.ts';
import { type Ground, partition, placeAt, regionsOf, type Span } from './partition.ts';
import type { Endpoint } from './policy-index.ts';

/** Addresses of one network that nothing in question tells apart: held by vNICs, or spans of the outside. */
export interface Class {
  readonly family: Family;
  readonly addresses: readonly string[];
  readonly spans: readonly Span[];
  readonly marks: Marks;
}

/** What an address is: the sets that it is in, by their places, and whatever else has to be kept apart. */
export interface Marks {
  readonly sets: Bits;
  readonly apart: string;
}

export interface ClassInput {
  readonly ground: Ground;
  /** Of each kind of the ground the sets that it is in, by their places. */
  readonly memberships: readonly Bits[];
  /** Blocks of the other sets, by their places. */
  readonly blocks: readonly (readonly Block[])[];
  /** Addresses that vNICs hold, all of the network. */
  readonly held: ReadonlyMap<string, Pick<Endpoint, 'family' | 'bits'>>;
  /** Those among them to be classed, and what is known of each beside its blocks. */
  readonly marked: ReadonlyMap<string, Marks>;
}

/** The fewest classes: held addresses first, then the outside. */
export function classify({ ground, memberships, blocks, held, marked }: ClassInput): Class[] {
  const finer = partition(blocks);
  const holders = new Map<string, { family: Family; marks: Marks; addresses: string[] }>();
  for (const [address, { sets, apart }] of marked) {
    const { family, bits } = held.get(address)!;
    const inGround = memberships[ground.kindOf[placeAt(ground.spans, family, bits)]!]!;
    const inFiner = finer[placeAt(finer, family, bits)]!.sets;
    const marks = { sets: sets | inGround | inFiner, apart };
    const key = `${family} ${marks.sets.toString(16)} ${apart}`;
    getOrAdd(holders, key, () => ({ family, marks, addresses: [] })).addresses.push(address);
  }
  const outside = regionsOf(ground, memberships, finer).filter(({ spans }) => lowestFree(spans, held) !== undefined);
  return [
    ...Array.from(holders.values(), (holder) => ({ ...holder, spans: [] })),
    ...outside.map(({ family, spans, sets }) => ({ family, addresses: [], spans, marks: { sets, apart: '' } })),
  ];
}

/** Addresses that documents use for examples (RFC 5737, RFC 3849): nobody takes them for somebody's. */
const EXAMPLES = ['203.0.113.10', '198.51.100.10', '192.0.2.10', '2001:db8:ffff::10'].map((text) => parseBlock(text)!);

/** An address of spans that no vNIC holds: one of documentation if there is, else the lowest. */
export function sampleFree(spans: readonly Span[], held: ReadonlyMap<string, unknown>): string | undefined {
  for (const { family, bits } of EXAMPLES) {
    const isIn = spans.some((span) => span.family === family && span.first <= bits && bits <= span.last);
    if (isIn && !held.has(textOf(family, bits))) return textOf(family, bits);
  }
  return lowestFree(spans, held);
}

/** The lowest but the very first of a span, which in a block is its network's own. */
function lowestFree(spans: readonly Span[], held: ReadonlyMap<string, unknown>): string | undefined {
  for (const { family, first, last } of spans) {
    for (let bits = first + 1n; bits <= last; bits++) if (!held.has(textOf(family, bits))) return textOf(family, bits);
    if (!held.has(textOf(family, first))) return textOf(family, first);
  }
  return undefined;
}

const textOf = (family: Family, bits: bigint): string => formatBlock({ family, bits, prefix: widthOf(family) });
