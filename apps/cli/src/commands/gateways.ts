import type { Command } from './command.ts';

/** Gateways, and what else is given copies. */
export const GATEWAYS: readonly Command[] = [
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
];
