export { AccountWithPassword } from './accounts.ts';
export { AlertDetail, type Closing } from './alerts.ts';
export * from './api.ts';
export { ApprovalSettings, DraftApproval, RevisionApproval } from './approvals.ts';
export { AssertionResult, AssertionViolation, CheckedAssertion } from './assertions.ts';
export * from './channel.ts';
export * from './client.ts';
export { DetectorPreview, DetectorProposal } from './detector-settings.ts';
export { DraftChanges, DraftPolicy, RuleInput, ruleInput, withDraftChanges } from './draft.ts';
export * from './endpoint.ts';
export { HeardStranger, SeenExporter } from './exporters.ts';
export { FlowHealth } from './flow-health.ts';
export { FlowEdge, FlowFilter, FlowGroup, TopFlows } from './flows.ts';
export * from './gateway.ts';
export { Enrolment } from './hosts.ts';
export { IncidentDetail } from './incidents.ts';
export { CountingLimit, LimitDrops, NetworkLimitDrops, RuleLimitDrops, VmLimits } from './limits.ts';
export { ListQuery, listOf } from './list.ts';
export { CapturePart, SeenMirror } from './mirrors.ts';
export { mistakesOf } from './mistakes.ts';
export { NameFilter } from './names.ts';
export * from './openapi.ts';
export { PlaybookRehearsal } from './playbooks.ts';
export { PolicyStatus } from './policies.ts';
export {
  MATRIX_GROUPS,
  type MatrixCell,
  type PolicyFinding,
  type PolicyPacket,
  type PolicyReach,
} from './policy-analysis.ts';
export {
  type OutlierReason,
  PolicyRecommendation,
  PolicySimulation,
  RecommendedRule,
  RuleHitsList,
  SimulatedChange,
} from './policy-flows.ts';
export { PolicyComparison, type PolicyDifference, type ReachDifference, Revision } from './policy-history.ts';
export { ObservedTurn, PolicyObservation, PublishProgress } from './policy-observation.ts';
export type { Responding } from './responses.ts';
export { ScheduleNow } from './schedules.ts';
export { Session } from './sessions.ts';
export { incidentSeverityText, momentText, tacticText, tieText, untiedText } from './words/incident-text.ts';
export {
  alertText,
  alertTitle,
  deliveryText,
  denialText,
  errorText,
  feedText,
  findingText,
  firewallText,
  flowFieldText,
  flowTroubleText,
  type Language,
  languageOf,
  leftOutText,
  notificationWords,
  problemOf,
  problemText,
  recommendationText,
  rollbackText,
  taskErrorText,
  violationParams,
  violationText,
} from './words/say.ts';
export { Advice, AuditEntry, Overview, StreamEvent } from './work.ts';
