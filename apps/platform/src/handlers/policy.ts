import type { Id } from '@hypervigil/model';
import * as assertions from '../assertions/assertions.ts';
import type { Person } from '../identity/identity.ts';
import { approvalSettings, approveDraft, setApprovalSettings, withdrawApproval } from '../policy/approvals.ts';
import * as draft from '../policy/draft.ts';
import { draftChanges } from '../policy/draft-changes.ts';
import { editRules } from '../policy/edit-rules.ts';
import { movePolicy } from '../policy/move-policy.ts';
import { moveRule } from '../policy/move-rule.ts';
import { publishProgress } from '../policy/progress.ts';
import { listRevisions, policyStatus, publish } from '../policy/publish.ts';
import { restoreRevision } from '../policy/restore.ts';
import { rollBack } from '../policy/roll-back.ts';
import { policiesSeenBy, policySeenBy } from '../policy/seen.ts';
import { applyRecommendation } from '../recorded/apply.ts';
import { listRuleHits } from '../recorded/hits.ts';
import { observePolicy } from '../recorded/observation.ts';
import { recordingOf } from '../recorded/recommendation.ts';
import { talksIn } from '../recorded/talks.ts';
import { recordedUse } from '../recorded/unused.ts';
import { lastDays } from '../recorded/window.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** Policy from draft to history, and what is said of it. */
export function policyHandlers(deps: HandlerDeps) {
  const { db, analyst } = deps;
  return {
    listPolicies: async ({ query, access }) => draft.listPolicies(await policiesSeenBy(db, access), query),
    getPolicy: ({ params, access }) => policySeenBy(db, access, params.id),
    createPolicy: ({ body, call }) => draft.createPolicy(db, call.actor, body),
    updatePolicy: ({ params, body, call }) => draft.updatePolicy(db, call.actor, params.id, body),
    async deletePolicy({ params, call }) {
      await draft.deletePolicy(db, call.actor, params.id);
      return undefined;
    },
    movePolicy: ({ params, body, call, access }) => movePolicy(db, call.actor, access, params.id, body.before),
    moveRule: ({ params, body, call }) => moveRule(db, call.actor, params.id, body),
    editRules: ({ params, body, call }) => editRules(db, call.actor, params.id, body),
    listDraftChanges: ({ body, access }) => draftChanges(db, access, body.have),
    getPolicyStatus: ({ call, access }) => policyStatus(db, call.language, access),
    async publishPolicy({ body, call, person, access }) {
      await publish(db, analyst, call.actor, body, person.tenantId);
      return policyStatus(db, call.language, access);
    },
    async approvePolicy({ body, call, person, access }) {
      await approveDraft(db, call.actor, { ...body, tenantId: partOf(person, body) });
      return policyStatus(db, call.language, access);
    },
    async withdrawApproval({ body, call, person, access }) {
      await withdrawApproval(db, call.actor, { ...body, tenantId: partOf(person, body) });
      return policyStatus(db, call.language, access);
    },
    getApprovalSettings: () => approvalSettings(db),
    updateApprovalSettings: ({ body, call }) => setApprovalSettings(db, call.actor, body),
    async discardDraft({ call, person, access }) {
      await draft.discardDraft(db, call.actor, person.tenantId);
      return policyStatus(db, call.language, access);
    },
    comparePolicies: ({ query, call }) => analyst.run('comparePolicies', query, call.signal),
    async restorePolicy({ body, call, access }) {
      const skipped = await restoreRevision(db, call.actor, body);
      return { ...(await policyStatus(db, call.language, access)), skipped };
    },
    async rollBackPolicy({ body, call, access }) {
      const skipped = await rollBack(db, analyst, call.actor, body, call.language);
      return { ...(await policyStatus(db, call.language, access)), skipped };
    },
    getPublishProgress: ({ query }) => publishProgress(db, query.revision),
    observePolicy: ({ query }) => observePolicy(deps, query),
    listRevisions: ({ query, person }) => listRevisions(db, query, person.tenantId),
    listRuleHits: ({ query }) => listRuleHits(deps, query),
    async recommendPolicy({ query, call }) {
      return analyst.run('recommendPolicy', await recordingOf(deps, query), call.signal);
    },
    async applyRecommendation({ body, call }) {
      const found = await analyst.run('recommendPolicy', await recordingOf(deps, body), call.signal);
      return applyRecommendation(db, call.actor, found, call.language);
    },
    async simulatePolicy({ query, call }) {
      const recording = await talksIn(deps.flows, lastDays(query.days));
      return analyst.run('simulatePolicy', { recording, limit: query.limit }, call.signal);
    },
    async analysePolicy({ query, call }) {
      const recorded = await recordedUse(deps.flows, query.days);
      return analyst.run('analysePolicy', { ...query, recorded }, call.signal);
    },
    reachPolicy: ({ query, call }) => analyst.run('reachPolicy', query, call.signal),
    policyMatrix: ({ query, call }) => analyst.run('policyMatrix', query, call.signal),
    listAssertions: ({ query }) => assertions.listAssertions(db, query),
    getAssertion: ({ params }) => assertions.getAssertion(db, params.id),
    createAssertion: ({ body, call }) => assertions.createAssertion(db, call.actor, body),
    updateAssertion: ({ params, body, call }) => assertions.updateAssertion(db, call.actor, params.id, body),
    async deleteAssertion({ params, call }) {
      await assertions.deleteAssertion(db, call.actor, params.id);
      return undefined;
    },
    checkAssertions: ({ query, call }) => analyst.run('checkAssertions', query, call.signal),
  } satisfies Part;
}

/** Whose part of the draft somebody means who does not say it. */
const partOf = (person: Person, { tenantId }: { readonly tenantId?: Id | null | undefined }): Id | null =>
  tenantId === undefined ? person.tenantId : tenantId;
