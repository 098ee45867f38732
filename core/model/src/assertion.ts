import { z } from 'zod';
import { Cidr } from './address.ts';
import { Id, Instant, Name } from './ids.ts';
import { Service } from './policy.ts';

/** One side of an assertion: the union of its parts; with no part, anyone. Strict: a misspelt part must not become anyone. */
export const AssertionEnd = z.strictObject({
  vmIds: z.array(Id).max(100).default([]),
  groupIds: z.array(Id).max(100).default([]),
  tenantIds: z.array(Id).max(100).default([]),
  cidrs: z.array(Cidr).max(100).default([]),
  /** Every address that no VM of the cloud has. */
  outside: z.boolean().default(false),
});
export type AssertionEnd = z.infer<typeof AssertionEnd>;

/** `never`: nothing of it gets through. `always`: all of it does. `only`: of all that goes to `to`, nothing but what `from` sends. */
export const AssertionKind = z.enum(['never', 'always', 'only']);
export type AssertionKind = z.infer<typeof AssertionKind>;

/** What must be true of the policies, whoever writes them: proven of every packet before they are published. */
export const Assertion = z.object({
  id: Id,
  name: Name,
  kind: AssertionKind,
  from: AssertionEnd,
  to: AssertionEnd,
  /** With none, every protocol and port. */
  services: z.array(Service).max(64),
  /** Whom to ask about it. */
  owner: z.string().max(200),
  comment: z.string().max(500),
  enabled: z.boolean(),
  revision: z.int(),
  changedAt: Instant,
});
export type Assertion = z.infer<typeof Assertion>;

/** `void`: there is no such traffic at all, so nothing is proven: a side is nobody, or the sides share no network. */
export const AssertionState = z.enum(['holds', 'violated', 'void']);
export type AssertionState = z.infer<typeof AssertionState>;
