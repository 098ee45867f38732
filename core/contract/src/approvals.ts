import { Id, Instant, Tier } from '@hypervigil/model';
import { z } from 'zod';

/** So many at most that it can still be met. */
const Approvers = z.int().min(0).max(10);

/** How many people have to approve what a draft changes in each tier, beside whoever wrote it. */
export const ApprovalSettings = z.object({
  emergency: Approvers,
  platform: Approvers,
  tenant: Approvers,
  baseline: Approvers,
});
export type ApprovalSettings = z.infer<typeof ApprovalSettings>;

const Approver = z.object({ name: z.string(), at: Instant, comment: z.string() });

/** What one owner's part of the draft still needs; parts without a change are not there. */
export const DraftApproval = z.object({
  /** Whose part: a tenant's, or the provider's. */
  tenantId: Id.nullable(),
  /** Rises with every change of this part; approvals are for one of them. */
  revision: z.int(),
  tiers: z.array(Tier),
  /** The most that one of the tiers asks for; 0: no approval is required, by setting. */
  required: z.int(),
  /** Who changed it since it was last published: none of them can approve it. */
  authors: z.array(z.string()),
  approvedBy: z.array(Approver),
});
export type DraftApproval = z.infer<typeof DraftApproval>;

/** Of a revision: what was asked for and who gave it, for each part that it published. */
export const RevisionApproval = DraftApproval.pick({ tenantId: true, required: true, authors: true, approvedBy: true });
export type RevisionApproval = z.infer<typeof RevisionApproval>;
