import type { FlowSpec } from './flow.ts';
import type { FlowStore } from './store.ts';

/** Flows that come and go together, by a name. */
export interface Units {
  /** Puts a unit's flows in place of those it had. */
  set(name: string, flows: readonly FlowSpec[]): void;
  clear(name: string): void;
}

export function createUnits(store: FlowStore): Units {
  const units = new Map<string, readonly FlowSpec[]>();
  const set = (name: string, flows: readonly FlowSpec[]): void => {
    for (const flow of units.get(name) ?? []) store.release(flow);
    for (const flow of flows) store.add(flow);
    if (flows.length > 0) units.set(name, flows);
    else units.delete(name);
  };
  return { set, clear: (name) => set(name, []) };
}

export function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
