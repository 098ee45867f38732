import { z } from 'zod';
import { Id, Instant } from './ids.ts';
import type { VmState } from './inventory.ts';

export const TaskKind = z.enum(['vm.start', 'vm.shutdown', 'vm.stop', 'vm.reboot', 'vm.migrate', 'host.sync']);
export type TaskKind = z.infer<typeof TaskKind>;

export const TaskState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled']);
export type TaskState = z.infer<typeof TaskState>;

export const Task = z.object({
  id: Id,
  kind: TaskKind,
  state: TaskState,
  hostId: Id.nullable(),
  vmId: Id.nullable(),
  params: z.record(z.string(), z.unknown()),
  createdBy: z.string(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  /** 0 … 1, or null where nobody knows. */
  progress: z.number().min(0).max(1).nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type Task = z.infer<typeof Task>;

export type VmAction = 'start' | 'shutdown' | 'stop' | 'reboot' | 'migrate';

/** Which action is allowed in which state: the server refuses by it, the console's buttons explain by it. */
export const VM_ACTIONS = {
  start: ['shutoff', 'crashed'],
  shutdown: ['running', 'blocked'],
  stop: ['running', 'blocked', 'paused', 'shutdown', 'crashed', 'pmsuspended'],
  reboot: ['running', 'blocked'],
  migrate: ['running', 'blocked'],
} as const satisfies Record<VmAction, readonly VmState[]>;

export function vmCan(action: VmAction, state: VmState): boolean {
  return (VM_ACTIONS[action] as readonly VmState[]).includes(state);
}
