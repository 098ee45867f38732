import { NftError } from './errors.ts';

/** Packets and bytes that a named counter has seen. */
export interface NftCount {
  readonly packets: number;
  readonly bytes: number;
}

/** A table as nft lists it: what was put in, without what moves by itself. */
export interface NftListing {
  /** Each object as canonical text, in the order of the listing; the order of rules is their meaning. */
  readonly objects: readonly string[];
  readonly counters: ReadonlyMap<string, NftCount>;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Set by the kernel, not by who made the object (libnftables-json(5)). */
const ITS_OWN = new Set(['handle', 'expires', 'packets', 'bytes', 'used']);

const MAX_DEPTH = 64;

/** Reads what `nft -j list table` prints. Throws `bad-output`. */
export function decodeListing(text: string): NftListing {
  const objects: string[] = [];
  const counters = new Map<string, NftCount>();
  for (const object of objectsOf(text)) {
    if (!isRecord(object)) throw new NftError('bad-output', 'nft listed something that is no object');
    if ('metainfo' in object) continue;
    const { counter } = object;
    if (isRecord(counter ?? null)) readCounter(counter as Record, counters);
    objects.push(JSON.stringify(canonical(object, 0)));
  }
  return { objects, counters };
}

function objectsOf(text: string): readonly Json[] {
  let answer: Json;
  try {
    answer = JSON.parse(text) as Json;
  } catch (cause) {
    throw new NftError('bad-output', 'nft answered with what is no JSON', { cause });
  }
  const list = isRecord(answer) ? answer['nftables'] : undefined;
  if (!Array.isArray(list)) throw new NftError('bad-output', 'nft answered without a list of objects');
  return list as readonly Json[];
}

function readCounter({ name, packets, bytes }: Record, into: Map<string, NftCount>): void {
  if (typeof name !== 'string' || !isCount(packets) || !isCount(bytes))
    throw new NftError('bad-output', 'nft listed a counter without a name, packets or bytes');
  into.set(name, { packets, bytes });
}

const isCount = (value: Json | undefined): value is number => typeof value === 'number' && value >= 0;

type Record = { readonly [key: string]: Json };
const isRecord = (value: Json): value is Record => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys in order, and without what moves by itself. */
function canonical(value: Json, depth: number): Json {
  if (depth > MAX_DEPTH) throw new NftError('bad-output', `nft listed something more than ${MAX_DEPTH} levels deep`);
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => canonical(one, depth + 1));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .filter((key) => !ITS_OWN.has(key))
      .sort()
      .map((key) => [key, canonical(value[key] ?? null, depth + 1)]),
  );
}

export interface NftDifference {
  /** Objects that should be there and are not, as canonical text. */
  readonly missing: readonly string[];
  /** Objects that are there and should not be. */
  readonly foreign: readonly string[];
  /** Everything is there, in another order: rules decide otherwise. */
  readonly isReordered: boolean;
}

/** How `found` differs from what was `wanted`; undefined when it does not. */
export function differenceOf(wanted: NftListing, found: NftListing): NftDifference | undefined {
  if (wanted.objects.join('\n') === found.objects.join('\n')) return undefined;
  const missing = without(wanted.objects, found.objects);
  const foreign = without(found.objects, wanted.objects);
  return { missing, foreign, isReordered: missing.length === 0 && foreign.length === 0 };
}

/** The texts of `all` that `others` does not have, each as often as it is more there. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const text of others) left.set(text, (left.get(text) ?? 0) + 1);
  return all.filter((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
}
