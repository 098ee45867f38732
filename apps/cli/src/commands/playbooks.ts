import type { Command } from './command.ts';

const LOOKUPS = { addressSetId: 'listAddressSets' } as const;
const RUN = { columns: ['at', 'outcome', 'code', 'vmName', 'problem', 'alertId'], nameIn: 'listPlaybooks' } as const;

/** What is done about alerts without anybody doing it. */
export const PLAYBOOKS: readonly Command[] = [
  {
    words: 'playbook list',
    operation: 'listPlaybooks',
    columns: ['name', 'enabled', 'action', 'match.leastSeverity', 'perHour', 'perVmHour', 'minutes', 'id'],
  },
  { words: 'playbook show', operation: 'getPlaybook', nameIn: 'listPlaybooks' },
  { words: 'playbook create', operation: 'createPlaybook', lookups: LOOKUPS },
  { words: 'playbook update', operation: 'updatePlaybook', nameIn: 'listPlaybooks', lookups: LOOKUPS },
  { words: 'playbook delete', operation: 'deletePlaybook', nameIn: 'listPlaybooks' },
  { words: 'playbook rehearse', operation: 'rehearsePlaybook', ...RUN },
  { words: 'playbook runs', operation: 'listPlaybookRuns', ...RUN },
];
