import * as remote from '../gen/remote.ts';
import { paramRecord } from '../xdr/typed-params.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

export interface DomainStats {
  domain: DomainRef;
  /** By libvirt's name, such as `cpu.time` or `net.0.rx.bytes`; 64-bit values as the nearest double. */
  params: Record<string, number | string | boolean>;
}

/** `virDomainMemoryStatTags`, in the order of their numbers. KiB, but the two faults (counts) and the time (s). */
const MEMORY_STATS = [
  'swapIn',
  'swapOut',
  'majorFaults',
  'minorFaults',
  'unused',
  'available',
  'balloon',
  'rss',
  'usable',
  'lastUpdate',
  'diskCaches',
  'hugetlbAllocations',
  'hugetlbFailures',
] as const;

export type MemoryStat = (typeof MEMORY_STATS)[number];

export function statsOperations({ call }: Rpc) {
  return {
    /**
     * Statistics of many domains in one call: of all, or of `doms`; all groups, or those of `STATS` in `stats`.
     * `flags` are those of `LIST_DOMAINS` and `STATS_OF`; `STATS_OF.nowait` skips what a busy domain would delay.
     */
    async allDomainStats(doms: DomainRef[] = [], stats = 0, flags = 0): Promise<DomainStats[]> {
      const { retStats } = await call(remote.connectGetAllDomainStats, { doms, stats, flags });
      return retStats.map(({ dom, params }) => ({ domain: dom, params: paramRecord(params) }));
    },
    async memoryStats(dom: DomainRef): Promise<Partial<Record<MemoryStat, number>>> {
      const { stats } = await call(remote.domainMemoryStats, { dom, maxStats: MEMORY_STATS.length, flags: 0 });
      const known = stats.filter(({ tag }) => MEMORY_STATS[tag] !== undefined);
      return Object.fromEntries(known.map(({ tag, val }) => [MEMORY_STATS[tag], Number(val)]));
    },
    /** Seconds between the balloon's reports; 0 stops them. */
    async setMemoryStatsPeriod(dom: DomainRef, seconds: number, flags = 0): Promise<void> {
      await call(remote.domainSetMemoryStatsPeriod, { dom, period: seconds, flags });
    },
    /** CPU time of the whole domain in nanoseconds, by kind. */
    async cpuStats(dom: DomainRef): Promise<DomainStats['params']> {
      const { params } = await call(remote.domainGetCpuStats, { dom, nparams: 16, startCpu: -1, ncpus: 1, flags: 0 });
      return paramRecord(params);
    },
  };
}
