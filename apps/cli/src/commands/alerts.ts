import { alertRows, behaviourRows, detectorRows, exceptionRows, previewRows, responseRows } from '../alert-rows.ts';
import type { Command } from './command.ts';

const COLUMNS = ['lastAt', 'severity', 'state', 'what', 'vm', 'seen', 'count', 'assignee', 'id'];

/** What detectors tell of VMs, and what people do about it. */
export const ALERTS: readonly Command[] = [
  {
    words: 'alert list',
    operation: 'listAlerts',
    lookups: { vmId: 'listVms' },
    rows: alertRows,
    columns: COLUMNS,
  },
  { words: 'alert show', operation: 'getAlert' },
  { words: 'alert triage', operation: 'triageAlert' },
  { words: 'alert start', operation: 'startAlert' },
  { words: 'alert close', operation: 'closeAlert', positional: ['resolution'] },
  { words: 'alert assign', operation: 'assignAlert', positional: ['assignee'] },
  { words: 'alert comment', operation: 'commentAlert', positional: ['text'] },
  {
    words: 'alert respond',
    operation: 'respondToAlert',
    positional: ['action'],
    lookups: { addressSetId: 'listAddressSets' },
  },
  {
    words: 'response list',
    operation: 'listResponses',
    lookups: { vmId: 'listVms' },
    rows: responseRows,
    columns: ['doneAt', 'state', 'action', 'vm', 'peer', 'reason', 'doneBy', 'until', 'endedBy', 'id'],
  },
  { words: 'response show', operation: 'getResponse' },
  { words: 'response approve', operation: 'approveResponse' },
  { words: 'response decline', operation: 'declineResponse', positional: ['reason'] },
  { words: 'response answer', operation: 'answerResponse', positional: ['answer', 'text'] },
  { words: 'response undo', operation: 'undoResponse', positional: ['reason'] },
  {
    words: 'alert exception list',
    operation: 'listAlertExceptions',
    lookups: { vmId: 'listVms' },
    rows: exceptionRows,
    columns: ['expiresAt', 'what', 'vm', 'for', 'owner', 'reason', 'swallowed', 'swallowedAt', 'id'],
  },
  { words: 'alert exception delete', operation: 'deleteAlertException' },
  {
    words: 'alert detectors',
    operation: 'listDetectors',
    rows: detectorRows,
    columns: ['code', 'what', 'technique', 'open', 'true', 'false', 'expected', 'exceptions', 'swallowed'],
  },
  {
    words: 'detector setting list',
    operation: 'listDetectorSettings',
    lookups: { groupId: 'listGroups' },
    columns: ['groupName', 'sensitivity', 'codes', 'reason', 'changedBy', 'swallowed', 'expiresAt', 'id'],
  },
  {
    words: 'detector setting proposals',
    operation: 'listDetectorProposals',
    columns: ['groupName', 'code', 'sensitivity', 'vms', 'false', 'expected'],
  },
  { words: 'detector setting show', operation: 'getDetectorSetting' },
  {
    words: 'detector setting create',
    operation: 'createDetectorSetting',
    positional: ['sensitivity'],
    lookups: { groupId: 'listGroups' },
  },
  {
    words: 'detector setting update',
    operation: 'updateDetectorSetting',
    positional: ['sensitivity'],
    lookups: { groupId: 'listGroups' },
  },
  {
    words: 'detector setting preview',
    operation: 'previewDetectorSetting',
    positional: ['sensitivity'],
    lookups: { groupId: 'listGroups' },
    rows: previewRows,
    columns: ['at', 'what', 'vm', 'usual', 'set'],
  },
  { words: 'detector setting delete', operation: 'deleteDetectorSetting' },
  {
    words: 'vm behaviour',
    operation: 'getVmBehaviour',
    nameIn: 'listVms',
    rows: behaviourRows,
    columns: ['what', 'learnt', 'judgesFrom', 'hour', 'seen', 'usual', 'alertsFrom'],
  },
];
