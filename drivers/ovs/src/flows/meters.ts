import { defineMeter, type MeterSpec, meterCommand, type RawMeter } from '../openflow/meter.ts';
import type { MeterMod } from '../openflow/meter-mods.ts';

/** Meters by id: what each does. */
export type MeterSet = Map<number, Buffer>;

/**
 * What takes the meters of a switch from one set to another. A flow never goes without its meter: what is new or another
 * comes before the flows that name it, what is gone goes after those that did. The switch would delete them with it.
 */
interface MeterPlan {
  readonly before: readonly MeterMod[];
  readonly after: readonly MeterMod[];
}

export const toMeterSet = (meters: readonly MeterSpec[]): MeterSet => rawMeterSet(meters.map(defineMeter));

export const rawMeterSet = (meters: readonly RawMeter[]): MeterSet =>
  new Map(meters.map(({ id, definition }) => [id, definition]));

const none = Buffer.alloc(2);

export function diffMeters(installed: MeterSet, desired: MeterSet): MeterPlan {
  const before = [...desired].flatMap(([id, definition]): MeterMod[] => {
    const present = installed.get(id);
    if (present?.equals(definition)) return [];
    return [{ command: present ? meterCommand.modify : meterCommand.add, id, definition }];
  });
  const gone = [...installed.keys()].filter((id) => !desired.has(id));
  return { before, after: gone.map((id) => ({ command: meterCommand.delete, id, definition: none })) };
}
