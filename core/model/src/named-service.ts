import { z } from 'zod';
import { Id, Instant, Name } from './ids.ts';
import { Service } from './policy.ts';

/** Services under a name, for rules to name. */
export const NamedService = z.object({
  id: Id,
  name: Name,
  description: z.string().max(500),
  services: z.array(Service).min(1).max(64),
  /** Of the catalogue that everybody has: cannot be changed. */
  builtIn: z.boolean(),
  revision: z.int(),
  changedAt: Instant,
});
export type NamedService = z.infer<typeof NamedService>;
