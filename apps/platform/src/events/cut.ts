import type { StreamEvent } from '@hypervigil/contract';
import type { Id } from '@hypervigil/model';
import type { Access } from '../access/access.ts';
import { cutTask, cutVm, isProviders } from '../access/cut.ts';

/** An event as a reader may have it; undefined when it is not theirs to know. */
export type CutEvent = (event: StreamEvent) => Promise<StreamEvent | undefined>;

/** Lists of which a tenant has a part: that they changed says nothing of what is in them. */
const OF_TENANTS: ReadonlySet<string> = new Set([
  ...['vms', 'networks', 'groups', 'address-sets', 'schedules', 'services'],
  ...['policy', 'flows', 'overview', 'accounts', 'alerts', 'notifications', 'flow-views'],
]);

/** Undefined for the provider's people, who get every event as it is. */
export function cutEvents(access: Access): CutEvent | undefined {
  if (isProviders(access)) return undefined;
  const may = async (thing: 'vm' | 'task', id: Id): Promise<boolean> => {
    const permission = `${thing}:read` as const;
    const [found] = await access.find(thing, permission, [id]);
    return found !== undefined && access.decide(permission, found).allowed;
  };
  return async (event) => {
    switch (event.kind) {
      case 'vm':
        return (await may('vm', event.vm.id)) ? { ...event, vm: cutVm(access)(event.vm) } : undefined;
      case 'vm.removed':
        // Whose it was nobody knows any more.
        return { kind: 'changed', what: 'vms' };
      case 'task':
        return (await may('task', event.task.id)) ? { ...event, task: cutTask(access)(event.task) } : undefined;
      case 'changed':
        return OF_TENANTS.has(event.what) ? event : undefined;
      case 'reset':
        return event;
      default:
        return undefined;
    }
  };
}
