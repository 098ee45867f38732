import type { Generated, JSONColumnType } from 'kysely';
import type { Now, When } from './columns.ts';

export interface TaskTable {
  id: string;
  kind: 'vm.start' | 'vm.shutdown' | 'vm.stop' | 'vm.reboot' | 'vm.migrate' | 'host.sync';
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  host_id: string | null;
  vm_id: string | null;
  params: JSONColumnType<Record<string, unknown>>;
  created_by: string;
  created_at: Now;
  started_at: When;
  ended_at: When;
  /** When a queued or running task that nobody reports on is given up. */
  lease_until: Date;
  /** The engine's process that it was sent to. */
  sent_to: string | null;
  progress: number | null;
  error: JSONColumnType<{ code: string; message: string } | null, string | null | undefined, string | null>;
}

interface AuditTable {
  id: Generated<number>;
  at: Now;
  actor: string;
  action: string;
  outcome: 'done' | 'refused' | 'failed';
  subject: string;
  params: JSONColumnType<Record<string, unknown>>;
  request_id: string | null;
}

/** What changed, in order: read by every platform process for its browsers, its intents and its tasks. */
interface EventTable {
  id: Generated<number>;
  at: Now;
  kind: string;
  subject: string | null;
}

/** What is done, and what was. */
export interface WorkTables {
  tasks: TaskTable;
  audit: AuditTable;
  events: EventTable;
}
