import { z } from 'zod';

/** Paging, search and order, the same for every list. */
export const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  /** From the previous answer's `next`. */
  cursor: z.string().max(200).optional(),
  /** Free text over the columns that people search. */
  q: z.string().max(200).optional(),
});

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), total: z.int(), next: z.string().nullable() });
