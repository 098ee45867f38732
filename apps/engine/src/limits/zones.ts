import type { IntentNetwork } from '@hypervigil/model';
import { OvsError, type OvsSwitch } from '@hypervigil/ovs';

export interface ZoneWatch {
  /** Bounds networks where they are not, and looks how full they are; resolves when it has. To be called every second. */
  look(): Promise<void>;
  /** Numbers of networks that have as many connections as they may. */
  full(): ReadonlySet<number>;
}

interface WatchDeps {
  readonly conntrack: () => Table | undefined;
  /** Those with vNICs here: no other's connections are remembered on this host. */
  readonly networks: () => readonly IntentNetwork[];
  /** Others are full than before. */
  readonly onChange: () => void;
}

type Table = Pick<OvsSwitch['conntrack'], 'capacity' | 'zoneLimits' | 'setZoneLimits' | 'clearZoneLimits'>;

/** A network that is full has room again at so much of its bound, lest it change with every connection. */
const ROOM = 0.9;

/**
 * Keeps in the switch how many connections each network may have, a network being a zone of conntrack: so that whoever floods
 * fills his network's part of the table and not what is everybody's. Bounds are read back, and put right when somebody
 * changed them or the switch started anew.
 */
export function createZoneWatch({ conntrack, networks, onChange }: WatchDeps): ZoneWatch {
  let full: ReadonlySet<number> = new Set();
  /** Zones that are bounded by us. */
  let ours: ReadonlySet<number> = new Set();
  return {
    full: () => full,
    async look() {
      const table = conntrack();
      const here = networks();
      if (!table || (here.length === 0 && ours.size === 0)) return;
      const wanted = boundsOf(here, await table.capacity());
      const held = await heldBy(table);
      if (!held) return;
      await table.setZoneLimits(new Map([...wanted].filter(([zone, limit]) => held.get(zone)?.limit !== limit)));
      await table.clearZoneLimits([...ours].filter((zone) => !wanted.has(zone) && held.has(zone)));
      ours = new Set(wanted.keys());
      const isFull = ([zone, limit]: [number, number]) =>
        (held.get(zone)?.count ?? 0) >= limit * (full.has(zone) ? ROOM : 1);
      const next = new Set([...wanted].filter(isFull).map(([zone]) => zone));
      if (next.symmetricDifference(full).size === 0) return;
      full = next;
      onChange();
    },
  };
}

/** Undefined where the datapath knows no limits of zones: the switch's facts say so (`switch-facts.ts`). */
async function heldBy(table: Table) {
  try {
    return new Map((await table.zoneLimits()).map((one) => [one.zone, one]));
  } catch (error) {
    if (error instanceof OvsError && error.code === 'rpc-error') return undefined;
    throw error;
  }
}

/** Less would be of no use to anybody, however many networks a host has. */
const SMALLEST_SHARE = 10;

/**
 * How many connections each network may have: what it was given, or an equal share of what that leaves of the table, and never
 * less than of all of it. One share stays free, for what began before it was counted.
 * @param capacity of the host's table; where nobody can say it, only what was given counts
 */
export function boundsOf(networks: readonly IntentNetwork[], capacity: number | undefined): Map<number, number> {
  const given = networks.flatMap(({ maxConnections }) => maxConnections ?? []);
  const left = (capacity ?? 0) - given.reduce((sum, one) => sum + one, 0);
  const shares = [left / (networks.length - given.length + 1), (capacity ?? 0) / (networks.length + 1)];
  const share = Math.max(SMALLEST_SHARE, ...shares.map(Math.floor));
  return new Map(
    networks.flatMap(({ num, maxConnections }): [number, number][] => {
      const most = maxConnections ?? (capacity === undefined ? null : share);
      return most === null ? [] : [[num, most]];
    }),
  );
}
