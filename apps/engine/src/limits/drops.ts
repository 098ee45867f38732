import type { EngineMessage } from '@hypervigil/contract';
import type { LimitReading } from '@hypervigil/model';
import type { FlowStats, MeterStats, OvsSwitch } from '@hypervigil/ovs';
import { decodeCookie, decodeMeter, FULL_FLOWS } from '@hypervigil/pipeline';

/** What a limit of a vNIC, a rule or a network has dropped, as the switch counts it. */
export interface DropCounter extends Pick<LimitReading, 'kind' | 'num'> {
  readonly packets: bigint;
  readonly bytes: bigint;
}

export async function readDrops(flows: Pick<OvsSwitch['flows'], 'meterStats' | 'stats'>): Promise<DropCounter[]> {
  const counters = metered(await flows.meterStats());
  for (const filter of FULL_FLOWS) counters.push(...refused(await flows.stats(filter)));
  return counters;
}

function metered(stats: readonly MeterStats[]): DropCounter[] {
  return stats.flatMap(({ id, droppedPackets: packets, droppedBytes: bytes }) => {
    const meter = decodeMeter(id);
    return meter ? [{ ...meter, packets, bytes }] : [];
  });
}

const FULL = { full: 'open', fullRule: 'ruleOpen', fullNetwork: 'networkOpen' } as const;

function refused(flows: readonly FlowStats[]): DropCounter[] {
  return flows.flatMap(({ cookie, packets, bytes }) => {
    const owner = decodeCookie(cookie);
    return owner && owner.kind in FULL
      ? [{ kind: FULL[owner.kind as keyof typeof FULL], num: owner.num, packets, bytes }]
      : [];
  });
}

/** Tells what limits have dropped. */
export interface DropReporter {
  /** Takes what the switch has counted, and tells what was added since it was last told. */
  take(counters: readonly DropCounter[]): void;
}

type Sums = ReadonlyMap<string, DropCounter>;

/** @param send false when it could not be told: it is told with what comes next */
export function createDropReporter(send: (message: EngineMessage) => boolean): DropReporter {
  /** Undefined before the first look: what was counted then, an earlier process has told. */
  let told: Sums | undefined;
  return {
    take(counters) {
      const now = summed(counters);
      const readings = told === undefined ? [] : [...now].flatMap(([key, one]) => readingOf(one, told?.get(key)));
      if (readings.length === 0 || send({ type: 'limits', readings })) told = now;
    },
  };
}

function summed(counters: readonly DropCounter[]): Sums {
  const sums = new Map<string, DropCounter>();
  for (const one of counters) {
    const key = `${one.kind} ${one.num}`;
    const { packets = 0n, bytes = 0n } = sums.get(key) ?? {};
    sums.set(key, { ...one, packets: one.packets + packets, bytes: one.bytes + bytes });
  }
  return sums;
}

function readingOf(now: DropCounter, before: DropCounter | undefined): LimitReading[] {
  // What was made anew counts from nothing.
  const isSame = before !== undefined && before.packets <= now.packets && before.bytes <= now.bytes;
  const droppedPackets = Number(now.packets - (isSame ? before.packets : 0n));
  const droppedBytes = Number(now.bytes - (isSame ? before.bytes : 0n));
  return droppedPackets > 0 ? [{ num: now.num, kind: now.kind, droppedPackets, droppedBytes }] : [];
}
