import { z } from 'zod';

const MAX_WORDS = 32;
const HASHES = 4;
/** Of a bit for each two hashes, one in seventy is mistaken for known (Bloom, 1970): 120 in 1,024 bits. */
const FILL = 0.117;

const Bits = z.array(z.int().min(0).max(0xffff_ffff)).min(1).max(MAX_WORDS);

/**
 * What a VM has met, such as the services that it has spoken to, in 8 bytes a word: two Bloom filters of which the older is
 * forgotten when the newer is full. The last 120 of 32 words are always known; a new one is taken for known once in thirty
 * times at worst.
 */
export const Contacts = z
  .object({ now: Bits, before: Bits, count: z.int().min(0) })
  .refine(({ now, before }) => now.length === before.length);
export type Contacts = z.infer<typeof Contacts>;

const none = (words: number) => Array.from({ length: words }, () => 0);
export const beginContacts = (words = MAX_WORDS): Contacts => ({ now: none(words), before: none(words), count: 0 });

/** @returns whether it is the first contact */
export function meet(contacts: Contacts, what: string): boolean {
  const { now, before } = contacts;
  const places = placesOf(what, now.length);
  if (isIn(now, places)) return false;
  const isFirst = !isIn(before, places);
  if (contacts.count >= Math.floor(FILL * 32 * now.length))
    Object.assign(contacts, { before: now, now: none(now.length), count: 0 });
  for (const at of places) contacts.now[at >>> 5] = (contacts.now[at >>> 5]! | (1 << (at & 31))) >>> 0;
  contacts.count++;
  return isFirst;
}

/** Whether it was met. */
export function knows({ now, before }: Contacts, what: string): boolean {
  const places = placesOf(what, now.length);
  return isIn(now, places) || isIn(before, places);
}

const isIn = (bits: readonly number[], places: readonly number[]): boolean =>
  places.every((at) => ((bits[at >>> 5]! >>> (at & 31)) & 1) === 1);

/** Double hashing (Kirsch and Mitzenmacher, 2006) of FNV-1a. */
function placesOf(text: string, words: number): number[] {
  const [a, b] = [fnv1a(text, 0x811c9dc5), fnv1a(text, 0x9747b28c) | 1];
  return Array.from({ length: HASHES }, (_, i) => ((a + Math.imul(i, b)) >>> 0) % (words * 32));
}

function fnv1a(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // FNV's low bits mix badly; those of the finaliser of MurmurHash3 do not.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
