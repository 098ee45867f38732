import { z } from 'zod';
import { Id, Instant, Name, Num } from './ids.ts';

/** Entries that one set may have, those that it leaves out included. */
export const MAX_ADDRESS_ENTRIES = 100_000;

/** `10.0.0.7`, `10.0.0.0/8`, `10.0.0.5-10.0.0.9` or the same in IPv6. What it says is checked by `core/policy`. */
export const AddressEntry = z.string().trim().min(1).max(100);

/**
 * Addresses under a name of their own: every address of its entries but those that it leaves out. The entries travel by
 * themselves, since there may be many.
 */
export const AddressSet = z.object({
  id: Id,
  num: Num,
  name: Name,
  description: z.string().max(500),
  /** Whose rules may name it; null is the provider's, and everybody's rules may. */
  tenantId: Id.nullable(),
  /** A feed fills it: see {@link ThreatSet}. People write only what it leaves out. */
  isFed: z.boolean(),
  entries: z.int(),
  excluded: z.int(),
  /** The fewest blocks that cover exactly its addresses: what each rule costs on a host, one way. */
  blocks: z.object({ ipv4: z.int(), ipv6: z.int() }),
  revision: z.int(),
  changedAt: Instant,
});
export type AddressSet = z.infer<typeof AddressSet>;
