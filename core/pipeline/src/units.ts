import type { FlowSpec } from './flow.ts';
import type { MeterSpec } from './meter.ts';
import type { FlowStore } from './store.ts';

/** Flows that come and go together, with the meters that they name, by a name. */
export interface Units {
  /** Puts a unit's flows in place of those it had. */
  set(name: string, flows: readonly FlowSpec[], meters?: readonly MeterSpec[]): void;
  clear(name: string): void;
}

export function createUnits(store: FlowStore): Units {
  const units = new Map<string, { readonly flows: readonly FlowSpec[]; readonly meters: readonly MeterSpec[] }>();
  const set: Units['set'] = (name, flows, meters = []) => {
    const before = units.get(name);
    for (const flow of before?.flows ?? []) store.release(flow);
    for (const { id } of before?.meters ?? []) store.releaseMeter(id);
    for (const flow of flows) store.add(flow);
    for (const meter of meters) store.addMeter(meter);
    if (flows.length + meters.length > 0) units.set(name, { flows, meters });
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
