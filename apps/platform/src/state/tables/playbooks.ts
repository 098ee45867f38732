import type { AlertMatch, PlaybookOutcome, ResponseAction } from '@hypervigil/model';
import type { Generated, JSONColumnType } from 'kysely';
import type { Now } from './columns.ts';

interface PlaybookTable {
  id: string;
  name: string;
  description: string;
  enabled: boolean;
  match: JSONColumnType<AlertMatch>;
  action: ResponseAction;
  set_id: string | null;
  minutes: number | null;
  per_hour: number;
  per_vm_hour: number;
  approval_minutes: number | null;
  revision: Generated<number>;
  changed_at: Now;
  changed_by: string;
}

/** Of an alert that fits a playbook; without an outcome it waits for its turn. */
interface PlaybookRunTable {
  playbook_id: string;
  alert_id: string;
  vm_id: string;
  queued_at: Now;
  outcome: PlaybookOutcome | null;
  problem: string | null;
  decided_at: Date | null;
}

export interface PlaybooksTables {
  playbooks: PlaybookTable;
  playbook_runs: PlaybookRunTable;
}
