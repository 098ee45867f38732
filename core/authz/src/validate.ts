import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { POLICIES } from './policies.ts';
import { SCHEMA } from './schema.ts';

/** What Cedar's strict validation finds wrong or doubtful in the policies; empty when nothing is. */
export function policyMistakes(): string[] {
  const answer = cedar.validate({ schema: SCHEMA, policies: { staticPolicies: POLICIES } });
  if (answer.type === 'failure') return answer.errors.map(({ message }) => message);
  const { validationErrors, validationWarnings, otherWarnings } = answer;
  return [
    ...[...validationErrors, ...validationWarnings].map(({ policyId, error }) => `${policyId}: ${error.message}`),
    ...otherWarnings.map(({ message }) => message),
  ];
}
