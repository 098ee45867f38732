export { accessProblem, cutsNothing, type ManagementAccess } from './access.ts';
export { compileRuleset, type RulesetInput, removeRuleset } from './compile.ts';
export { type PolicyCounts, policyCounts } from './counters.ts';
export { evaluate, type HostDecision } from './evaluate.ts';
export { unknownListeners } from './listeners.ts';
export type { HostPacket } from './packet.ts';
export { TABLE } from './table.ts';
