import { z } from 'zod';

const WORDS = 32;
const HASHES = 4;
/** So many in 1,024 bits are mistaken for known once in seventy times (Bloom, 1970). */
const FILL = 120;

const Bits = z.array(z.int().min(0).max(0xffff_ffff)).length(WORDS);

/**
 * Which services a VM has spoken to, in 256 bytes: two Bloom filters of which the older is forgotten when the newer is full. The
 * last 120 are always known; a new one is taken for known once in thirty times at worst.
 */
export const Contacts = z.object({ now: Bits, before: Bits, count: z.int().min(0).max(FILL) });
export type Contacts = z.infer<typeof Contacts>;

const none = () => Array.from({ length: WORDS }, () => 0);
export const beginContacts = (): Contacts => ({ now: none(), before: none(), count: 0 });

/** @returns whether it is the first contact */
export function meet(contacts: Contacts, service: string): boolean {
  const places = placesOf(service);
  const isIn = (bits: readonly number[]) => places.every((at) => ((bits[at >>> 5]! >>> (at & 31)) & 1) === 1);
  if (isIn(contacts.now)) return false;
  const isFirst = !isIn(contacts.before);
  if (contacts.count >= FILL) Object.assign(contacts, { before: contacts.now, now: none(), count: 0 });
  for (const at of places) contacts.now[at >>> 5] = (contacts.now[at >>> 5]! | (1 << (at & 31))) >>> 0;
  contacts.count++;
  return isFirst;
}

/** Double hashing (Kirsch and Mitzenmacher, 2006) of FNV-1a. */
function placesOf(text: string): number[] {
  const [a, b] = [fnv1a(text, 0x811c9dc5), fnv1a(text, 0x9747b28c) | 1];
  return Array.from({ length: HASHES }, (_, i) => (a + Math.imul(i, b)) & (WORDS * 32 - 1));
}

function fnv1a(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // FNV's low bits mix badly; those of the finaliser of MurmurHash3 do not.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
