import { groupRows, healthRows, healthSummary } from '../flow-rows.ts';
import type { Command } from './command.ts';

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
  'inspection.gateways.gatewayNum',
  'inspection.applications',
  'inspection.name',
  'inspection.signatures.id',
  'inspection.blocked',
  'bytes',
  'replyBytes',
];

/** What was recorded. */
export const FLOWS: readonly Command[] = [
  {
    words: 'flow list',
    operation: 'listFlows',
    takesView: true,
    lookups: { vmId: 'listVms', peerVmId: 'listVms', tenantId: 'listTenants', hostId: 'listHosts' },
    columns: FLOW_COLUMNS,
  },
  {
    words: 'flow health',
    operation: 'getFlowHealth',
    rows: healthRows,
    summary: healthSummary,
    columns: ['host', 'troubles', 'lastBatchAt', 'lagMs', 'records', 'lost', 'repeated', 'unjudged', 'spoolPercent'],
  },
  {
    words: 'flow view list',
    operation: 'listFlowViews',
    columns: ['name', 'ownerName', 'shared', 'filter', 'window', 'groupBy', 'thenBy', 'changedAt'],
  },
  { words: 'flow view show', operation: 'getFlowView', nameIn: 'listFlowViews' },
  { words: 'flow view save', operation: 'createFlowView', positional: ['name'] },
  { words: 'flow view update', operation: 'updateFlowView', nameIn: 'listFlowViews' },
  { words: 'flow view delete', operation: 'deleteFlowView', nameIn: 'listFlowViews' },
  {
    words: 'flow export',
    operation: 'exportFlows',
    takesView: true,
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
    takesView: true,
    lookups: { vmId: 'listVms', tenantId: 'listTenants', hostId: 'listHosts' },
    columns: ['src.ip', 'dst.ip', 'protocol', 'port', 'verdict', 'ruleNum', 'flows', 'pendingFlows', 'bytes', 'lastAt'],
  },
  {
    words: 'flow top',
    operation: 'topFlows',
    takesView: true,
    lookups: { vmId: 'listVms', tenantId: 'listTenants', hostId: 'listHosts' },
    rows: groupRows,
    columns: ['group', 'flows', 'bytes', 'replyBytes', 'packets', 'replyPackets'],
  },
  {
    words: 'flow series',
    operation: 'flowSeries',
    takesView: true,
    lookups: { vmId: 'listVms', tenantId: 'listTenants', hostId: 'listHosts' },
  },
];
