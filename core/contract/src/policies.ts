import { Group, Id, Inspect, Instant, MAX_POLICY_RULES, Policy, Problem, Rule } from '@hypervigil/model';
import { z } from 'zod';
import { ApprovalSettings, DraftApproval } from './approvals.ts';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

const params = z.strictObject({ id: Id });
/** Changes name the revision that they were made on; another one in between is a conflict, not a lost update. */
const onRevision = { revision: z.int().min(0) };

const groupFields = Group.pick({
  name: true,
  description: true,
  tenantId: true,
  vmIds: true,
  selector: true,
  networkIds: true,
  tenantIds: true,
  groupIds: true,
}).strict();

/** A rule as people write it: new ones have no id yet, and the platform gives each its number. */
export const RuleInput = Rule.omit({ num: true })
  .extend({ id: Id.optional(), inspect: Inspect.omit({ groupNum: true }).optional() })
  .strict();
const policyFields = Policy.pick({
  name: true,
  description: true,
  tier: true,
  tenantId: true,
  order: true,
  enabled: true,
})
  .extend({ rules: z.array(RuleInput).max(MAX_POLICY_RULES) })
  .strict();

export const groups = defineEndpoints({
  listGroups: {
    method: 'GET',
    path: '/api/v1/groups',
    summary: 'Security groups',
    caller: 'person',
    permission: 'group:read',
    query: ListQuery,
    response: listOf(Group.extend({ memberCount: z.int() })),
  },
  getGroup: {
    method: 'GET',
    path: '/api/v1/groups/{id}',
    summary: 'One group with the VMs that are in it now',
    caller: 'person',
    permission: 'group:read',
    params,
    response: Group.extend({ memberIds: z.array(Id) }),
  },
  createGroup: {
    method: 'POST',
    path: '/api/v1/groups',
    summary: 'Create a group',
    caller: 'person',
    permission: 'group:write',
    body: groupFields,
    response: Group,
    status: 201,
  },
  updateGroup: {
    method: 'PUT',
    path: '/api/v1/groups/{id}',
    summary: 'Change a group; it takes effect at once',
    caller: 'person',
    permission: 'group:write',
    params,
    body: groupFields.extend(onRevision),
    response: Group,
  },
  deleteGroup: {
    method: 'DELETE',
    path: '/api/v1/groups/{id}',
    summary: 'Delete a group that no rule names',
    caller: 'person',
    permission: 'group:write',
    params,
    status: 204,
  },
});
export type RuleInput = z.infer<typeof RuleInput>;

/** A policy in the draft: as it would be, and whether and where that differs from what is published. */
export const DraftPolicy = Policy.extend({
  change: z.enum(['none', 'added', 'changed', 'removed']),
  /** Of a changed policy, its rules that are not as they are published, by their ids. */
  ruleChanges: z.record(Id, z.enum(['added', 'changed', 'moved'])),
});

export const PolicyStatus = z.object({
  publishedRevision: z.int(),
  publishedAt: Instant.nullable(),
  publishedBy: z.string().nullable(),
  draftRevision: z.int(),
  changes: z.object({ added: z.int(), changed: z.int(), removed: z.int() }),
  problems: z.array(Problem),
  /** What each part of the draft that changes something needs before it is published. */
  approvals: z.array(DraftApproval),
  hosts: z.array(
    z.object({
      hostId: Id,
      name: z.string(),
      online: z.boolean(),
      policyRevision: z.int(),
      enforced: z.boolean(),
      error: z.string().nullable(),
    }),
  ),
});
export type PolicyStatus = z.infer<typeof PolicyStatus>;
export type DraftPolicy = z.infer<typeof DraftPolicy>;

export const policies = defineEndpoints({
  listPolicies: {
    method: 'GET',
    path: '/api/v1/policies',
    summary: 'The draft: every policy in order of decision',
    caller: 'person',
    permission: 'policy:read',
    query: ListQuery,
    response: listOf(DraftPolicy),
  },
  getPolicy: {
    method: 'GET',
    path: '/api/v1/policies/{id}',
    summary: 'One policy of the draft',
    caller: 'person',
    permission: 'policy:read',
    params,
    response: DraftPolicy,
  },
  createPolicy: {
    method: 'POST',
    path: '/api/v1/policies',
    summary: 'Add a policy to the draft',
    caller: 'person',
    permission: 'policy:write',
    body: policyFields,
    response: DraftPolicy,
    status: 201,
  },
  updatePolicy: {
    method: 'PUT',
    path: '/api/v1/policies/{id}',
    summary: 'Change a policy in the draft',
    caller: 'person',
    permission: 'policy:write',
    params,
    body: policyFields.extend(onRevision),
    response: DraftPolicy,
  },
  deletePolicy: {
    method: 'DELETE',
    path: '/api/v1/policies/{id}',
    summary: 'Remove a policy from the draft',
    caller: 'person',
    permission: 'policy:write',
    params,
    status: 204,
  },
  moveRule: {
    method: 'POST',
    path: '/api/v1/policy/rules/{id}/move',
    summary: 'Put a rule of the draft at another place of its policy, or into another policy of the same tier',
    caller: 'person',
    permission: 'policy:write',
    params,
    body: z.strictObject({
      policyId: Id,
      /** The rule that it goes before; without it, the last place. */
      before: Id.optional(),
    }),
    /** The policies that it changed: one, or the one that it left and the one that it is in. */
    response: z.object({ items: z.array(DraftPolicy) }),
  },
  getPolicyStatus: {
    method: 'GET',
    path: '/api/v1/policy',
    summary: 'What is published, what the draft changes, which hosts enforce it',
    caller: 'person',
    permission: 'policy:read',
    response: PolicyStatus,
  },
  publishPolicy: {
    method: 'POST',
    path: '/api/v1/policy/publish',
    summary: 'Make the draft one new revision for every host',
    caller: 'person',
    permission: 'policy:publish',
    body: z.strictObject({
      draftRevision: z.int().min(0),
      comment: z.string().max(500).default(''),
      /** Why it is published although assertions do not hold, or could not be checked; it is kept in the audit log. */
      override: z.string().trim().min(1).max(500).optional(),
    }),
    response: PolicyStatus,
  },
  approvePolicy: {
    method: 'POST',
    path: '/api/v1/policy/approve',
    summary: 'Approve what somebody else changed in the draft; one more change takes it back',
    caller: 'person',
    permission: 'policy:approve',
    body: z.strictObject({
      /** Whose part of the draft; left out, your own tenant's or the provider's. */
      tenantId: Id.nullable().optional(),
      /** The revision of that part, from the status. */
      revision: z.int().min(0),
    }),
    response: PolicyStatus,
  },
  getApprovalSettings: {
    method: 'GET',
    path: '/api/v1/policy/approvers',
    summary: 'How many people have to approve changes of each tier',
    caller: 'person',
    permission: 'policy:read',
    response: ApprovalSettings,
  },
  updateApprovalSettings: {
    method: 'PUT',
    path: '/api/v1/policy/approvers',
    summary: 'Set how many people have to approve changes of each tier, beside whoever wrote them; 0 is none',
    caller: 'person',
    permission: 'policy:govern',
    body: ApprovalSettings.strict(),
    response: ApprovalSettings,
  },
  discardDraft: {
    method: 'POST',
    path: '/api/v1/policy/discard',
    summary: "Throw the draft away, or your tenant's part of it",
    caller: 'person',
    permission: 'policy:write',
    response: PolicyStatus,
  },
});
