import { Id, Instant, Num, Tier } from '@hypervigil/model';
import { z } from 'zod';
import { RevisionApproval } from './approvals.ts';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';
import { PolicyStatus } from './policies.ts';
import { Ends, Named, NamedRule, Witness } from './policy-analysis.ts';

/** Which policies: `draft`, `published`, or the number of a revision; 0 is before the first. */
const StateText = z.string().trim().min(1).max(10);

const FieldDifference = z.object({
  /** A path: `from.groupIds`. */
  field: z.string(),
  /** Absent where there is none. */
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});

const RuleDifference = z.object({
  action: z.enum(['added', 'changed', 'removed', 'moved']),
  id: Id,
  name: z.string(),
  /** Its place in the policy, from 1; of a rule that is gone, the one that it had. */
  place: z.int(),
  /** The place that it had, if it stands elsewhere among the others now. */
  from: z.int().optional(),
  fields: z.array(FieldDifference),
});

const PolicyDifference = z.object({
  action: z.enum(['added', 'changed', 'removed']),
  id: Id,
  name: z.string(),
  tier: Tier,
  fields: z.array(FieldDifference),
  rules: z.array(RuleDifference),
});
export type PolicyDifference = z.infer<typeof PolicyDifference>;

/** Who is at one side, in the words of the rules where they fit: whole groups and tenants, then the VMs that are left. */
const GroupedEnds = Ends.extend({ groups: z.array(Named), tenants: z.array(Named) });

const Decider = z.object({ rule: NamedRule.nullable(), ruleNum: Num });

/** Traffic that gets through in the one and not in the other. */
const ReachDifference = z.object({
  change: z.enum(['opened', 'closed']),
  network: Named,
  from: GroupedEnds,
  to: GroupedEnds,
  services: z.array(z.string()),
  before: Decider,
  after: Decider,
  witness: Witness,
});
export type ReachDifference = z.infer<typeof ReachDifference>;

export const PolicyComparison = z.object({
  /** Revision of the draft, or of what was published. */
  before: z.int(),
  after: z.int(),
  policies: z.array(PolicyDifference),
  /** Rules that differ beyond the 500 that are told. */
  moreRules: z.int(),
  /** Names of the groups, tenants and address sets whose ids stand in fields. */
  names: z.record(Id, z.string()),
  /** On the cloud as it is now. */
  reach: z.array(ReachDifference),
  /** Whether there is more than the 200 that are told. */
  moreReach: z.boolean(),
});
export type PolicyComparison = z.infer<typeof PolicyComparison>;

export const Revision = z.object({
  revision: z.int(),
  publishedAt: Instant,
  publishedBy: z.string(),
  comment: z.string(),
  rules: z.int(),
  /** Of each part that it published; null of a revision from before there were approvals. */
  approval: z.array(RevisionApproval).nullable(),
});
export type Revision = z.infer<typeof Revision>;

export const policyHistory = defineEndpoints({
  listRevisions: {
    method: 'GET',
    path: '/api/v1/policy/revisions',
    summary: 'What was published, when and by whom',
    caller: 'person',
    permission: 'policy:read',
    query: ListQuery,
    response: listOf(Revision),
  },
  comparePolicies: {
    method: 'GET',
    path: '/api/v1/policy/compare',
    summary: 'What differs between two revisions: rule by rule, and what gets through now and did not, or did',
    caller: 'person',
    permission: 'policy:analyse',
    query: z.object({ before: StateText.default('published'), after: StateText.default('draft') }),
    response: PolicyComparison,
  },
  restorePolicy: {
    method: 'POST',
    path: '/api/v1/policy/restore',
    summary: 'Make the draft what a revision was',
    caller: 'person',
    permission: 'policy:rewrite',
    body: z.strictObject({ revision: z.int().min(0), draftRevision: z.int().min(0) }),
    /** `skipped`: names of policies that are left out since their tenant is gone. */
    response: PolicyStatus.extend({ skipped: z.array(z.string()) }),
  },
});
