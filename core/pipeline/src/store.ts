import { PipelineError } from './errors.ts';
import { type FlowChange, type FlowKey, type FlowSpec, flowKey } from './flow.ts';
import type { MeterSpec } from './meter.ts';

/**
 * The flows of a pipeline, each with the number of its users: two sets of one rule may lend it the same flow. Flows with
 * one key that do different things are a mistake of ours that the switch would decide by chance, so it is refused.
 */
export interface FlowStore {
  add(flow: FlowSpec): void;
  release(flow: FlowKey): void;
  /** A meter belongs to one alone. */
  addMeter(meter: MeterSpec): void;
  releaseMeter(id: number): void;
  flows(): FlowSpec[];
  meters(): MeterSpec[];
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
  const meters = new Map<number, MeterSpec>();
  const metersBefore = new Map<number, MeterSpec | undefined>();

  function touch(key: string): void {
    if (!before.has(key)) before.set(key, held.get(key)?.flow);
  }

  function touchMeter(id: number): void {
    if (!metersBefore.has(id)) metersBefore.set(id, meters.get(id));
  }

  function takeMeters(): FlowChange['meters'] {
    const upsert: MeterSpec[] = [];
    const remove: number[] = [];
    for (const [id, was] of metersBefore) {
      const now = meters.get(id);
      if (now && !(was && sameMeter(was, now))) upsert.push(now);
      else if (was && !now) remove.push(id);
    }
    metersBefore.clear();
    return { upsert, remove };
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
    addMeter(meter) {
      touchMeter(meter.id);
      meters.set(meter.id, meter);
    },
    releaseMeter(id) {
      touchMeter(id);
      meters.delete(id);
    },
    flows: () => [...held.values()].map(({ flow }) => flow),
    meters: () => [...meters.values()].sort((a, b) => a.id - b.id),
    takeChange() {
      const upsert: FlowSpec[] = [];
      const remove: FlowKey[] = [];
      for (const [key, was] of before) {
        const now = held.get(key)?.flow;
        if (now && !(was && sameFlow(was, now))) upsert.push(now);
        else if (was && !now) remove.push({ table: was.table, priority: was.priority, match: was.match });
      }
      before.clear();
      return { upsert, remove, meters: takeMeters() };
    },
  };
}

const sameMeter = (a: MeterSpec, b: MeterSpec): boolean =>
  a.unit === b.unit && a.rate === b.rate && a.burst === b.burst;

const sameFlow = (a: FlowSpec, b: FlowSpec): boolean => a.cookie === b.cookie && a.actions === b.actions;
