import type { api, Client, Language } from '@hypervigil/contract';
import { limitRows, readBandwidth, readConnectionRate, vmLimitRows } from './limits.ts';
import { assertionRows, checkRows, findingRows, matrixRows, reachRows } from './policy/analysis-rows.ts';
import { readEnd, readServices } from './policy/assertion-fields.ts';
import { differenceLines, reachDifferenceRows } from './policy/difference-rows.ts';
import { observationRows, observationSummary, progressRows } from './policy/observation-rows.ts';
import { simulationRows, simulationSummary } from './policy/traffic-rows.ts';

export type Operation = keyof typeof api;

/** One subcommand: the words people type and the operation that it calls. Flags come from the operation's schemas. */
export interface Command {
  readonly words: string;
  readonly operation: Operation;
  /** Where a name given in place of an id is looked up. */
  readonly nameIn?: Operation;
  /** Body fields that name another object, and the list that knows its name. */
  readonly lookups?: Readonly<Record<string, Operation>>;
  /** Body fields that people write shorter than they are. */
  readonly reads?: Readonly<Record<string, (client: Client, text: string) => Promise<unknown>>>;
  /** Fields that words without a flag are for, in this order. */
  readonly positional?: readonly string[];
  /** What people are shown of an answer, where its items are not it. */
  readonly rows?: (answer: never, language: Language) => object[];
  /** What they are told before it. */
  readonly summary?: (answer: never, language: Language) => string[];
  /** Fields shown as columns (dotted paths); all of them with `--json`. */
  readonly columns?: readonly string[];
}

const POLICY_COLUMNS = ['tier', 'order', 'name', 'enabled', 'rules', 'change', 'revision', 'id'];
const TASK_COLUMNS = ['kind', 'state', 'progress', 'createdBy', 'createdAt', 'error.message', 'id'];
const FLOW_COLUMNS = [
  'lastAt',
  'src.ip',
  'src.port',
  'dst.ip',
  'dst.port',
  'protocol',
  'verdict',
  'ruleNum',
  'pending.verdict',
  'pending.ruleNum',
  'inspection.outcome',
  'inspection.gatewayNum',
  'inspection.applications',
  'inspection.name',
  'inspection.blocked',
  'bytes',
  'replyBytes',
];

const ASSERTION_FIELDS = { from: readEnd, to: readEnd, services: readServices };
const LIMIT_NAMES = {
  vmIds: 'listVms',
  groupIds: 'listGroups',
  networkIds: 'listNetworks',
  tenantIds: 'listTenants',
} as const;
const LIMIT_FIELDS = {
  bandwidthOut: readBandwidth,
  bandwidthIn: readBandwidth,
  newOut: readConnectionRate,
  newIn: readConnectionRate,
};
const GROUP_NAMES = {
  tenantId: 'listTenants',
  vmIds: 'listVms',
  networkIds: 'listNetworks',
  tenantIds: 'listTenants',
  groupIds: 'listGroups',
} as const;

export const COMMANDS: readonly Command[] = [
  { words: 'overview', operation: 'getOverview' },
  { words: 'whoami', operation: 'getSession' },
  {
    words: 'account list',
    operation: 'listAccounts',
    columns: ['name', 'duty', 'tenantId', 'disabled', 'lastSignInAt', 'createdBy', 'id'],
  },
  { words: 'account show', operation: 'getAccount', nameIn: 'listAccounts' },
  { words: 'account create', operation: 'createAccount', lookups: { tenantId: 'listTenants' } },
  { words: 'account update', operation: 'updateAccount', nameIn: 'listAccounts' },
  { words: 'account reset-password', operation: 'resetPassword', nameIn: 'listAccounts' },
  {
    words: 'host list',
    operation: 'listHosts',
    columns: ['name', 'state', 'vms', 'appliedRevision', 'intentRevision', 'facts.libvirt', 'lastSeenAt', 'id'],
  },
  { words: 'host show', operation: 'getHost', nameIn: 'listHosts' },
  { words: 'host sync', operation: 'syncHost', nameIn: 'listHosts' },
  { words: 'host revoke', operation: 'revokeHost', nameIn: 'listHosts' },
  {
    words: 'host-firewall list',
    operation: 'listHostFirewalls',
    columns: [
      'hostName',
      'inherited',
      'revision',
      'status.state',
      'status.problem.message',
      'status.kept',
      'status.unknown',
    ],
  },
  { words: 'host-firewall show', operation: 'getHostFirewall', nameIn: 'listHosts' },
  { words: 'host-firewall set', operation: 'updateHostFirewall', nameIn: 'listHosts' },
  { words: 'host-firewall confirm', operation: 'confirmHostFirewall', nameIn: 'listHosts' },
  { words: 'host-firewall inherit', operation: 'inheritHostFirewall', nameIn: 'listHosts' },
  { words: 'host-firewall default', operation: 'getHostFirewallDefault' },
  { words: 'host-firewall set-default', operation: 'updateHostFirewallDefault' },
  { words: 'host-firewall confirm-default', operation: 'confirmHostFirewallDefault' },
  {
    words: 'gateway-group list',
    operation: 'listGatewayGroups',
    columns: ['name', 'tenantId', 'perHost', 'maxPerHost', 'vcpus', 'memoryMiB', 'detect', 'revision', 'id'],
  },
  { words: 'gateway-group show', operation: 'getGatewayGroup', nameIn: 'listGatewayGroups' },
  { words: 'gateway-group create', operation: 'createGatewayGroup', lookups: { tenantId: 'listTenants' } },
  {
    words: 'gateway-group update',
    operation: 'updateGatewayGroup',
    nameIn: 'listGatewayGroups',
    lookups: { tenantId: 'listTenants' },
  },
  { words: 'gateway-group upgrade', operation: 'upgradeGatewayGroup', nameIn: 'listGatewayGroups' },
  { words: 'gateway-group delete', operation: 'deleteGatewayGroup', nameIn: 'listGatewayGroups' },
  {
    words: 'gateway list',
    operation: 'listGateways',
    columns: [
      ...['num', 'groupName', 'hostName', 'report.phase', 'drain', 'report.busy', 'report.connections'],
      ...['report.vcpus', 'report.memoryMiB', 'report.version', 'report.revision', 'drift', 'lastSeenAt', 'id'],
    ],
  },
  { words: 'gateway recognises', operation: 'listRecognisable', columns: ['kind', 'name', 'num'] },
  { words: 'gateway show', operation: 'getGateway', nameIn: 'listGateways' },
  { words: 'gateway restart', operation: 'restartGateway', nameIn: 'listGateways' },
  { words: 'gateway replace', operation: 'replaceGateway', nameIn: 'listGateways' },
  { words: 'gateway drain', operation: 'drainGateway', nameIn: 'listGateways', positional: ['drain'] },
  {
    words: 'mirror list',
    operation: 'listMirrors',
    columns: ['name', 'tenantId', 'target.kind', 'target.collector', 'oneIn', 'revision', 'id'],
  },
  { words: 'mirror show', operation: 'getMirror', nameIn: 'listMirrors' },
  {
    words: 'mirror create',
    operation: 'createMirror',
    lookups: { tenantId: 'listTenants', vmIds: 'listVms' },
  },
  { words: 'mirror update', operation: 'updateMirror', nameIn: 'listMirrors', lookups: { vmIds: 'listVms' } },
  { words: 'mirror delete', operation: 'deleteMirror', nameIn: 'listMirrors' },
  { words: 'capture start', operation: 'startCapture', nameIn: 'listMirrors' },
  {
    words: 'capture list',
    operation: 'listCaptures',
    lookups: { mirrorId: 'listMirrors' },
    columns: ['mirrorName', 'isRunning', 'startedBy', 'startedAt', 'endsAt', 'id'],
  },
  { words: 'capture show', operation: 'getCapture' },
  { words: 'capture stop', operation: 'stopCapture' },
  { words: 'capture delete', operation: 'deleteCapture' },
  { words: 'enrolment create', operation: 'createEnrolment' },
  {
    words: 'enrolment list',
    operation: 'listEnrolments',
    columns: ['hostName', 'createdBy', 'createdAt', 'expiresAt', 'usedAt'],
  },
  {
    words: 'vm list',
    operation: 'listVms',
    lookups: { hostId: 'listHosts', tenantId: 'listTenants', networkId: 'listNetworks', groupId: 'listGroups' },
    columns: ['name', 'state', 'hostId', 'tenantId', 'vcpus', 'memoryMiB', 'tags', 'id'],
  },
  { words: 'vm show', operation: 'getVm', nameIn: 'listVms' },
  { words: 'vm set', operation: 'updateVm', nameIn: 'listVms', lookups: { tenantId: 'listTenants' } },
  { words: 'vm quarantine', operation: 'quarantineVm', nameIn: 'listVms' },
  { words: 'vm release', operation: 'releaseVm', nameIn: 'listVms' },
  { words: 'vm start', operation: 'startVm', nameIn: 'listVms' },
  { words: 'vm shutdown', operation: 'shutdownVm', nameIn: 'listVms' },
  { words: 'vm stop', operation: 'stopVm', nameIn: 'listVms' },
  { words: 'vm reboot', operation: 'rebootVm', nameIn: 'listVms' },
  { words: 'vm migrate', operation: 'migrateVm', nameIn: 'listVms', lookups: { toHostId: 'listHosts' } },
  { words: 'vnic set', operation: 'updateVnic', lookups: { networkId: 'listNetworks' } },
  { words: 'network list', operation: 'listNetworks', columns: ['name', 'vlan', 'cidrs', 'tenantId', 'vms', 'id'] },
  { words: 'network show', operation: 'getNetwork', nameIn: 'listNetworks' },
  { words: 'network create', operation: 'createNetwork', lookups: { tenantId: 'listTenants' } },
  { words: 'network update', operation: 'updateNetwork', nameIn: 'listNetworks', lookups: { tenantId: 'listTenants' } },
  { words: 'network delete', operation: 'deleteNetwork', nameIn: 'listNetworks' },
  { words: 'tenant list', operation: 'listTenants', columns: ['name', 'intraTenant', 'description', 'id'] },
  { words: 'tenant show', operation: 'getTenant', nameIn: 'listTenants' },
  { words: 'tenant create', operation: 'createTenant' },
  { words: 'tenant update', operation: 'updateTenant', nameIn: 'listTenants' },
  { words: 'tenant delete', operation: 'deleteTenant', nameIn: 'listTenants' },
  {
    words: 'group list',
    operation: 'listGroups',
    columns: ['name', 'tenantId', 'memberCount', 'selector', 'revision', 'id'],
  },
  { words: 'group show', operation: 'getGroup', nameIn: 'listGroups' },
  { words: 'group create', operation: 'createGroup', lookups: GROUP_NAMES },
  { words: 'group update', operation: 'updateGroup', nameIn: 'listGroups', lookups: GROUP_NAMES },
  { words: 'group delete', operation: 'deleteGroup', nameIn: 'listGroups' },
  {
    words: 'address-set list',
    operation: 'listAddressSets',
    columns: ['name', 'tenantId', 'entries', 'excluded', 'blocks', 'revision', 'id'],
  },
  { words: 'address-set show', operation: 'getAddressSet', nameIn: 'listAddressSets' },
  { words: 'address-set entries', operation: 'listAddressSetEntries', nameIn: 'listAddressSets' },
  { words: 'address-set create', operation: 'createAddressSet', lookups: { tenantId: 'listTenants' } },
  {
    words: 'address-set update',
    operation: 'updateAddressSet',
    nameIn: 'listAddressSets',
    lookups: { tenantId: 'listTenants' },
  },
  { words: 'address-set delete', operation: 'deleteAddressSet', nameIn: 'listAddressSets' },
  {
    words: 'schedule list',
    operation: 'listSchedules',
    columns: ['name', 'zone', 'holds', 'nextChange', 'windows', 'revision', 'id'],
  },
  { words: 'schedule show', operation: 'getSchedule', nameIn: 'listSchedules' },
  { words: 'schedule create', operation: 'createSchedule' },
  { words: 'schedule update', operation: 'updateSchedule', nameIn: 'listSchedules' },
  { words: 'schedule delete', operation: 'deleteSchedule', nameIn: 'listSchedules' },
  {
    words: 'service list',
    operation: 'listNamedServices',
    columns: ['name', 'builtIn', 'services', 'description', 'id'],
  },
  { words: 'service show', operation: 'getNamedService', nameIn: 'listNamedServices' },
  { words: 'service create', operation: 'createNamedService' },
  { words: 'service update', operation: 'updateNamedService', nameIn: 'listNamedServices' },
  { words: 'service delete', operation: 'deleteNamedService', nameIn: 'listNamedServices' },
  {
    words: 'limit list',
    operation: 'listLimits',
    rows: limitRows,
    columns: ['name', 'for', 'bandwidthOut', 'bandwidthIn', 'newOut', 'newIn', 'open', 'id'],
  },
  { words: 'limit show', operation: 'getLimit', nameIn: 'listLimits' },
  { words: 'limit create', operation: 'createLimit', lookups: LIMIT_NAMES, reads: LIMIT_FIELDS },
  {
    words: 'limit update',
    operation: 'updateLimit',
    nameIn: 'listLimits',
    lookups: LIMIT_NAMES,
    reads: LIMIT_FIELDS,
  },
  { words: 'limit delete', operation: 'deleteLimit', nameIn: 'listLimits' },
  {
    words: 'limit drops',
    operation: 'listLimitDrops',
    columns: ['vmName', 'hostName', 'kind', 'droppedPackets', 'droppedBytes', 'goesOn', 'since', 'lastAt'],
  },
  {
    words: 'policy limit-drops',
    operation: 'listRuleLimitDrops',
    columns: ['rule.policy', 'rule.name', 'kind', 'droppedPackets', 'droppedBytes', 'hosts', 'goesOn', 'lastAt'],
  },
  {
    words: 'vm limits',
    operation: 'getVmLimits',
    nameIn: 'listVms',
    rows: vmLimitRows,
    columns: ['kind', 'value', 'limit', 'dropped', 'now', 'vnic'],
  },
  {
    words: 'threat-set list',
    operation: 'listThreatSets',
    columns: ['name', 'feed.format', 'entries', 'state.source', 'state.checkedAt', 'state.problem.message', 'id'],
  },
  { words: 'threat-set show', operation: 'getThreatSet', nameIn: 'listThreatSets' },
  { words: 'threat-set create', operation: 'createThreatSet', lookups: { tenantId: 'listTenants' } },
  {
    words: 'threat-set update',
    operation: 'updateThreatSet',
    nameIn: 'listThreatSets',
    lookups: { tenantId: 'listTenants' },
  },
  { words: 'threat-set refresh', operation: 'refreshThreatSet', nameIn: 'listThreatSets' },
  { words: 'threat-set upload', operation: 'uploadThreatSet', nameIn: 'listThreatSets' },
  { words: 'threat-set delete', operation: 'deleteThreatSet', nameIn: 'listThreatSets' },
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
  {
    words: 'flow list',
    operation: 'listFlows',
    lookups: { vmId: 'listVms', peerVmId: 'listVms', tenantId: 'listTenants', hostId: 'listHosts' },
    columns: FLOW_COLUMNS,
  },
  {
    words: 'flow export',
    operation: 'exportFlows',
    lookups: { vmId: 'listVms', tenantId: 'listTenants', hostId: 'listHosts' },
  },
  {
    words: 'name list',
    operation: 'listNames',
    lookups: { vmId: 'listVms', tenantId: 'listTenants', hostId: 'listHosts' },
    columns: [
      'at',
      'src.ip',
      'kind',
      'name',
      'details.type',
      'details.code',
      'details.answers',
      'dst.ip',
      'gatewayNum',
    ],
  },
  {
    words: 'name export',
    operation: 'exportNames',
    lookups: { vmId: 'listVms', tenantId: 'listTenants', hostId: 'listHosts' },
  },
  {
    words: 'flow edges',
    operation: 'listEdges',
    lookups: { vmId: 'listVms', tenantId: 'listTenants', hostId: 'listHosts' },
    columns: ['src.ip', 'dst.ip', 'protocol', 'port', 'verdict', 'ruleNum', 'flows', 'pendingFlows', 'bytes', 'lastAt'],
  },
  {
    words: 'flow series',
    operation: 'flowSeries',
    lookups: { vmId: 'listVms', tenantId: 'listTenants', hostId: 'listHosts' },
  },
  {
    words: 'task list',
    operation: 'listTasks',
    lookups: { vmId: 'listVms', hostId: 'listHosts' },
    columns: TASK_COLUMNS,
  },
  { words: 'task show', operation: 'getTask' },
  { words: 'audit list', operation: 'listAudit', columns: ['at', 'actor', 'action', 'outcome', 'subject'] },
];

/** The command whose words begin the arguments, longest first, and the arguments after them. */
export function findCommand(args: readonly string[]): { command: Command; rest: string[] } | undefined {
  for (const length of [2, 1]) {
    const words = args.slice(0, length).join(' ');
    const command = COMMANDS.find((c) => c.words === words);
    if (command !== undefined) return { command, rest: args.slice(length) };
  }
  return undefined;
}
