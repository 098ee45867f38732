import { Group, Id, Instant, MAX_POLICY_RULES, Policy, Problem } from '@hypervigil/model';
import { z } from 'zod';
import { ApprovalSettings, DraftApproval } from './approvals.ts';
import { DraftChanges, DraftPolicy, RuleInput, rulePatch } from './draft.ts';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';
import { PROVIDERS_OWN } from './new-object.ts';

const params = z.strictObject({ id: Id });
/** Nobody has more of them; it only bounds the request. */
const MAX_POLICIES_HAD = 100_000;
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
    body: groupFields.extend(PROVIDERS_OWN),
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
    body: policyFields.extend(PROVIDERS_OWN),
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
  movePolicy: {
    method: 'POST',
    path: '/api/v1/policies/{id}/move',
    summary: 'Put a policy of the draft at another place of its tier',
    caller: 'person',
    permission: 'policy:write',
    params,
    body: z.strictObject({
      /** The policy of the same tier that it goes before; without it, the last place. */
      before: Id.optional(),
    }),
    /** Of it, and of policies that gave way because there was no number left between two of them. */
    response: DraftChanges,
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
    /** Of one policy, or of the one that it left and the one that it is in. */
    response: DraftChanges,
  },
  editRules: {
    method: 'PATCH',
    path: '/api/v1/policies/{id}/rules',
    summary: 'Change, add, remove and move some rules of a policy in the draft',
    caller: 'person',
    permission: 'policy:write',
    params,
    body: z.strictObject({ ...onRevision, ...rulePatch(RuleInput) }),
    /** What that made of the policy since the revision that was edited. */
    response: DraftChanges,
  },
  listDraftChanges: {
    method: 'POST',
    path: '/api/v1/policy/draft/changes',
    summary: 'What of the draft is another than what the caller has of it',
    caller: 'person',
    permission: 'policy:read',
    body: z.strictObject({
      have: z
        .array(z.strictObject({ id: Id, revision: z.int().min(0), change: DraftPolicy.shape.change }))
        .max(MAX_POLICIES_HAD),
    }),
    response: DraftChanges,
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
      /** Kept with the approval, in the revision and in the audit log. */
      comment: z.string().trim().max(500).default(''),
    }),
    response: PolicyStatus,
  },
  withdrawApproval: {
    method: 'POST',
    path: '/api/v1/policy/withdraw',
    summary: 'Take your approval of the draft back',
    caller: 'person',
    permission: 'policy:approve',
    body: z.strictObject({
      /** Whose part of the draft; left out, your own tenant's or the provider's. */
      tenantId: Id.nullable().optional(),
      comment: z.string().trim().max(500).default(''),
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
