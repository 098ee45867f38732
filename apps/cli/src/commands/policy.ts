import { assertionRows, checkRows, findingRows, matrixRows, reachRows } from '../policy/analysis-rows.ts';
import { readEnd, readServices } from '../policy/assertion-fields.ts';
import { differenceLines, reachDifferenceRows } from '../policy/difference-rows.ts';
import { observationRows, observationSummary, progressRows } from '../policy/observation-rows.ts';
import { simulationRows, simulationSummary } from '../policy/traffic-rows.ts';
import type { Command } from './command.ts';

const POLICY_COLUMNS = ['tier', 'order', 'name', 'enabled', 'rules', 'change', 'revision', 'id'];

const ASSERTION_FIELDS = { from: readEnd, to: readEnd, services: readServices };

/** Policies, and what must be true of them. */
export const POLICY: readonly Command[] = [
  { words: 'policy list', operation: 'listPolicies', columns: POLICY_COLUMNS },
  { words: 'policy show', operation: 'getPolicy', nameIn: 'listPolicies' },
  { words: 'policy create', operation: 'createPolicy', lookups: { tenantId: 'listTenants' } },
  { words: 'policy update', operation: 'updatePolicy', nameIn: 'listPolicies', lookups: { tenantId: 'listTenants' } },
  { words: 'policy delete', operation: 'deletePolicy', nameIn: 'listPolicies' },
  { words: 'policy move', operation: 'movePolicy', nameIn: 'listPolicies', lookups: { before: 'listPolicies' } },
  { words: 'policy edit-rules', operation: 'editRules', nameIn: 'listPolicies' },
  { words: 'policy move-rule', operation: 'moveRule', lookups: { policyId: 'listPolicies' } },
  { words: 'policy status', operation: 'getPolicyStatus' },
  { words: 'policy approve', operation: 'approvePolicy', lookups: { tenantId: 'listTenants' } },
  { words: 'policy withdraw', operation: 'withdrawApproval', lookups: { tenantId: 'listTenants' } },
  { words: 'policy approvers', operation: 'getApprovalSettings' },
  { words: 'policy set-approvers', operation: 'updateApprovalSettings' },
  { words: 'policy discard', operation: 'discardDraft' },
  {
    words: 'policy analyse',
    operation: 'analysePolicy',
    rows: findingRows,
    columns: ['policy', 'rule', 'finding', 'packet'],
  },
  {
    words: 'policy reach',
    operation: 'reachPolicy',
    positional: ['from', 'to'],
    rows: reachRows,
    columns: ['verdict', 'rule', 'network', 'from', 'to', 'services', 'packet'],
  },
  {
    words: 'policy matrix',
    operation: 'policyMatrix',
    rows: matrixRows,
    columns: ['from', 'to', 'allowed', 'services', 'packet'],
  },
  {
    words: 'policy hits',
    operation: 'listRuleHits',
    lookups: { policyId: 'listPolicies' },
    positional: ['policyId'],
    columns: ['rule.policy', 'rule.name', 'flows', 'packets', 'bytes', 'lastAt', 'publishedAt'],
  },
  {
    words: 'policy simulate',
    operation: 'simulatePolicy',
    rows: simulationRows,
    summary: simulationSummary,
    columns: ['change', 'from', 'to', 'service', 'connections', 'lastSeen', 'oldRule', 'newRule'],
  },
  {
    words: 'policy compare',
    operation: 'comparePolicies',
    positional: ['before', 'after'],
    summary: differenceLines,
    rows: reachDifferenceRows,
    columns: ['change', 'network', 'from', 'to', 'services', 'before', 'after', 'packet'],
  },
  {
    words: 'policy observe',
    operation: 'observePolicy',
    positional: ['revision'],
    summary: observationSummary,
    rows: observationRows,
    columns: ['change', 'from', 'to', 'service', 'connections', 'lastSeen', 'oldRule', 'newRule', 'revision'],
  },
  {
    words: 'policy progress',
    operation: 'getPublishProgress',
    positional: ['revision'],
    rows: progressRows,
    columns: ['host', 'state', 'confirmedAt', 'refusedAt', 'error'],
  },
  { words: 'policy rollback', operation: 'rollBackPolicy', positional: ['revision'] },
  { words: 'policy restore', operation: 'restorePolicy', positional: ['revision'] },
  {
    words: 'policy history',
    operation: 'listRevisions',
    columns: ['revision', 'publishedAt', 'publishedBy', 'rules', 'comment'],
  },
  {
    words: 'assertion list',
    operation: 'listAssertions',
    rows: assertionRows,
    columns: ['name', 'kind', 'enabled', 'state', 'owner', 'finding', 'checkedAt'],
  },
  { words: 'assertion show', operation: 'getAssertion', nameIn: 'listAssertions' },
  { words: 'assertion create', operation: 'createAssertion', positional: ['name'], reads: ASSERTION_FIELDS },
  { words: 'assertion update', operation: 'updateAssertion', nameIn: 'listAssertions', reads: ASSERTION_FIELDS },
  { words: 'assertion delete', operation: 'deleteAssertion', nameIn: 'listAssertions' },
  {
    words: 'assertion check',
    operation: 'checkAssertions',
    rows: checkRows,
    columns: ['assertion', 'state', 'owner', 'finding'],
  },
];
