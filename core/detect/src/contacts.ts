import { z } from 'zod';
import { fnv1a } from './hash.ts';
import { LETTER_BITS, LETTERS, valueAt, withValueAt, zeros } from './letters.ts';

const MAX_WORDS = 32;
const HASHES = 4;
/** Of a bit for each two hashes, one in seventy is mistaken for known (Bloom, 1970): 120 in 1,024 bits. */
const FILL = 0.117;

const lettersFor = (words: number): number => Math.ceil((32 * words) / LETTER_BITS);
const Bits = z.string().regex(LETTERS).min(lettersFor(1)).max(lettersFor(MAX_WORDS));

/**
 * What a VM has met, such as the services that it has spoken to, in eleven letters a word: two Bloom filters of which the older is
 * forgotten when the newer is full. The last 120 of 32 words are always known; a new one is taken for known once in thirty
 * times at worst.
 */
export const Contacts = z
  .object({ now: Bits, before: Bits, count: z.int().min(0) })
  .refine(({ now, before }) => now.length === before.length);
export type Contacts = z.infer<typeof Contacts>;

/** @param words of 32 bits, of each of the two */
export function beginContacts(words = MAX_WORDS): Contacts {
  const none = zeros(lettersFor(words));
  return { now: none, before: none, count: 0 };
}

/** @returns whether it is the first contact */
export function meet(contacts: Contacts, what: string): boolean {
  const { now, before } = contacts;
  const places = placesOf(what, now.length);
  if (isIn(now, places)) return false;
  const isFirst = !isIn(before, places);
  if (contacts.count >= Math.floor(FILL * LETTER_BITS * now.length))
    Object.assign(contacts, { before: now, now: zeros(now.length), count: 0 });
  for (const place of places) {
    const at = Math.floor(place / LETTER_BITS);
    contacts.now = withValueAt(contacts.now, at, valueAt(contacts.now, at) | (1 << (place % LETTER_BITS)));
  }
  contacts.count++;
  return isFirst;
}

/** Whether it was met. */
export function knows({ now, before }: Contacts, what: string): boolean {
  const places = placesOf(what, now.length);
  return isIn(now, places) || isIn(before, places);
}

const isIn = (bits: string, places: readonly number[]): boolean =>
  places.every((at) => ((valueAt(bits, Math.floor(at / LETTER_BITS)) >>> (at % LETTER_BITS)) & 1) === 1);

/** Double hashing (Kirsch and Mitzenmacher, 2006) of FNV-1a. */
function placesOf(text: string, letters: number): number[] {
  const [a, b] = [fnv1a(text, 0x811c9dc5), fnv1a(text, 0x9747b28c) | 1];
  return Array.from({ length: HASHES }, (_, i) => ((a + Math.imul(i, b)) >>> 0) % (letters * LETTER_BITS));
}
