import type { StreamEvent } from '@hypervigil/contract';
import { findHosts } from '../hosts/hosts.ts';
import { findVms } from '../inventory/vms.ts';
import type { Database } from '../state/database.ts';
import { findTasks } from '../tasks/tasks.ts';
import type { LogEntry } from './log.ts';
import type { Render } from './stream.ts';

/** Reads what entries name, each kind at once. */
export function createRender(db: Database): Render {
  return async (entries) => {
    const [hosts, vms, tasks] = await Promise.all([
      byId(findHosts(db, subjects(entries, 'host'))),
      byId(findVms(db, subjects(entries, 'vm'))),
      byId(findTasks(db, subjects(entries, 'task'))),
    ]);
    const events = new Map<number, StreamEvent>();
    for (const entry of entries) {
      const event = eventOf(entry);
      if (event !== undefined) events.set(entry.id, event);
    }
    return events;

    function eventOf({ kind, subject }: LogEntry): StreamEvent | undefined {
      const id = subject ?? '';
      switch (kind) {
        case 'host': {
          const host = hosts.get(id);
          return host === undefined ? { kind: 'host.removed', id } : { kind, host };
        }
        case 'vm': {
          const vm = vms.get(id);
          return vm === undefined ? { kind: 'vm.removed', id } : { kind, vm };
        }
        case 'task': {
          const task = tasks.get(id);
          return task === undefined ? undefined : { kind, task };
        }
        default:
          return { kind: 'changed', what: kind };
      }
    }
  };
}

function subjects(entries: readonly LogEntry[], kind: LogEntry['kind']): string[] {
  return [
    ...new Set(entries.flatMap((entry) => (entry.kind === kind && entry.subject !== null ? [entry.subject] : []))),
  ];
}

async function byId<T extends { id: string }>(rows: Promise<T[]>): Promise<Map<string, T>> {
  return new Map((await rows).map((row) => [row.id, row]));
}
