import { Id } from '@hypervigil/model';
import { z } from 'zod';

/** What need not be said of a new object: it has no description. */
export const NO_DESCRIPTION = { description: z.string().max(500).default('') };

/** … and is the provider's, for every tenant. */
export const PROVIDERS_OWN = { ...NO_DESCRIPTION, tenantId: Id.nullable().default(null) };
