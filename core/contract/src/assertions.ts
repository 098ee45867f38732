import { Assertion, AssertionState, Id, Instant, Num } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';
import { Named, NamedRule, Witness } from './policy-analysis.ts';

const params = z.strictObject({ id: Id });
const fields = Assertion.omit({ id: true, revision: true, changedAt: true })
  .extend({
    services: Assertion.shape.services.default([]),
    owner: Assertion.shape.owner.default(''),
    comment: Assertion.shape.comment.default(''),
    enabled: Assertion.shape.enabled.default(true),
  })
  .strict();

/** A packet of which an assertion does not hold: who sends it to whom, and what decides it. */
export const AssertionViolation = z.object({
  verdict: z.enum(['allow', 'deny']),
  /** Null where no rule speaks of it. */
  rule: NamedRule.nullable(),
  ruleNum: Num,
  /** The VMs at both ends; null for an address that no VM has. */
  from: Named.nullable(),
  to: Named.nullable(),
  packet: Witness,
});
export type AssertionViolation = z.infer<typeof AssertionViolation>;

/** An assertion with what was last found of it in the published policies; null before the first look. */
export const CheckedAssertion = Assertion.extend({
  state: AssertionState.nullable(),
  violation: AssertionViolation.nullable(),
  checkedAt: Instant.nullable(),
});
export type CheckedAssertion = z.infer<typeof CheckedAssertion>;

export const AssertionResult = z.object({
  assertion: Assertion.pick({ id: true, name: true, kind: true, owner: true }),
  state: AssertionState,
  violation: AssertionViolation.nullable(),
});
export type AssertionResult = z.infer<typeof AssertionResult>;

export const assertions = defineEndpoints({
  listAssertions: {
    method: 'GET',
    path: '/api/v1/assertions',
    summary: 'What must be true of the policies, and whether it is of those that are published',
    caller: 'person',
    permission: 'assertion:read',
    query: ListQuery,
    response: listOf(CheckedAssertion),
  },
  getAssertion: {
    method: 'GET',
    path: '/api/v1/assertions/{id}',
    summary: 'One assertion',
    caller: 'person',
    permission: 'assertion:read',
    params,
    response: CheckedAssertion,
  },
  createAssertion: {
    method: 'POST',
    path: '/api/v1/assertions',
    summary: 'Add an assertion; from now on it is checked at every publishing',
    caller: 'person',
    permission: 'assertion:write',
    body: fields,
    response: CheckedAssertion,
    status: 201,
  },
  updateAssertion: {
    method: 'PUT',
    path: '/api/v1/assertions/{id}',
    summary: 'Change an assertion',
    caller: 'person',
    permission: 'assertion:write',
    params,
    body: fields.extend({ revision: z.int().min(0) }),
    response: CheckedAssertion,
  },
  deleteAssertion: {
    method: 'DELETE',
    path: '/api/v1/assertions/{id}',
    summary: 'Delete an assertion',
    caller: 'person',
    permission: 'assertion:write',
    params,
    status: 204,
  },
  checkAssertions: {
    method: 'GET',
    path: '/api/v1/policy/assertions',
    summary:
      'Whether each enabled assertion holds of the draft or of what is published, with a packet where it does not',
    caller: 'person',
    permission: 'policy:analyse',
    query: z.object({ of: z.enum(['draft', 'published']).default('draft') }),
    /** `revision`: of the draft, or of what is published. */
    response: z.object({ revision: z.int(), items: z.array(AssertionResult) }),
  },
});
