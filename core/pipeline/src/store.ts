import { PipelineError } from './errors.ts';
import { type FlowChange, type FlowKey, type FlowSpec, flowKey } from './flow.ts';

/**
 * The flows of a pipeline, each with the number of its users: two sets of one rule may lend it the same flow. Flows with
 * one key that do different things are a mistake of ours that the switch would decide by chance, so it is refused.
 */
export interface FlowStore {
  add(flow: FlowSpec): void;
  release(flow: FlowKey): void;
  flows(): FlowSpec[];
  /** What changed since the last call. */
  takeChange(): FlowChange;
}

interface Held {
  readonly flow: FlowSpec;
  users: number;
}

export function createFlowStore(): FlowStore {
  const held = new Map<string, Held>();
  /** Touched keys and what they held before. */
  const before = new Map<string, FlowSpec | undefined>();

  function touch(key: string): void {
    if (!before.has(key)) before.set(key, held.get(key)?.flow);
  }

  return {
    add(flow) {
      const key = flowKey(flow);
      const known = held.get(key);
      touch(key);
      if (!known) held.set(key, { flow, users: 1 });
      else if (sameFlow(known.flow, flow)) known.users += 1;
      else
        throw new PipelineError(
          'conflicting-flows',
          `table=${flow.table},priority=${flow.priority},${flow.match} is to do both ${known.flow.actions} and ${flow.actions}`,
        );
    },
    release(flow) {
      const key = flowKey(flow);
      const known = held.get(key);
      if (!known) return;
      touch(key);
      known.users -= 1;
      if (known.users === 0) held.delete(key);
    },
    flows: () => [...held.values()].map(({ flow }) => flow),
    takeChange() {
      const upsert: FlowSpec[] = [];
      const remove: FlowKey[] = [];
      for (const [key, was] of before) {
        const now = held.get(key)?.flow;
        if (now && !(was && sameFlow(was, now))) upsert.push(now);
        else if (was && !now) remove.push({ table: was.table, priority: was.priority, match: was.match });
      }
      before.clear();
      return { upsert, remove };
    },
  };
}

const sameFlow = (a: FlowSpec, b: FlowSpec): boolean => a.cookie === b.cookie && a.actions === b.actions;
