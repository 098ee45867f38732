import { z } from 'zod';
import { FLOW_QUERY_LENGTH } from './flow-query/expression.ts';
import { FLOW_GROUP_FIELDS } from './flow-query/fields.ts';
import { Id, Instant, Name } from './ids.ts';

/** Seconds of the sliding windows in which flows are looked at. */
export const FLOW_WINDOWS = [300, 900, 3600, 21_600, 86_400] as const;
/** What makes a group one of the first; bytes and packets in both directions. */
export const FLOW_TOP_ORDERS = ['bytes', 'packets', 'flows'] as const;
/** Of one person. */
export const MAX_FLOW_VIEWS = 200;

/** A question about flows: which, when, grouped how, shown in which columns. */
export const FlowViewQuestion = z.object({
  /** In the language of filters; empty asks for all. */
  filter: z.string().max(FLOW_QUERY_LENGTH),
  /** Null: as the filter says, and otherwise the last hour. */
  window: z.literal(FLOW_WINDOWS).nullable(),
  groupBy: z.enum(FLOW_GROUP_FIELDS),
  thenBy: z.enum(FLOW_GROUP_FIELDS).nullable(),
  order: z.enum(FLOW_TOP_ORDERS),
  /** Columns of the console's table, by its names for them; none are the reader's own. */
  columns: z.array(z.string().min(1).max(32)).max(40),
});
export type FlowViewQuestion = z.infer<typeof FlowViewQuestion>;

/** A question under a name. */
export const FlowView = FlowViewQuestion.extend({
  id: Id,
  name: Name,
  /** Whose it is: who saved it changes it. */
  ownerId: Id,
  ownerName: z.string(),
  /** The owner's tenant; null is the provider's. */
  tenantId: Id.nullable(),
  /** Whether the others of the same tenant, or of the provider, see it. */
  shared: z.boolean(),
  revision: z.int(),
  changedAt: Instant,
});
export type FlowView = z.infer<typeof FlowView>;
