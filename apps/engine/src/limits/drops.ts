import type { EngineMessage } from '@hypervigil/contract';
import { LIMIT_KINDS, type LimitKind, type LimitReading } from '@hypervigil/model';
import type { MeterStats } from '@hypervigil/ovs';
import { decodeMeter } from '@hypervigil/pipeline';

/** Tells what limits have dropped. */
export interface DropReporter {
  /** Takes the meters' counters, and tells what they counted since they were last told of. */
  take(stats: readonly MeterStats[]): void;
}

/** @param send false when it could not be told: it is told with what comes next */
export function createDropReporter(send: (message: EngineMessage) => boolean): DropReporter {
  /** By meter; undefined before the first look. What was counted then, an earlier process has told. */
  let told: ReadonlyMap<number, MeterStats> | undefined;
  return {
    take(stats) {
      const now = new Map(stats.map((one) => [one.id, one]));
      const readings = told === undefined ? [] : stats.flatMap((one) => readingOf(one, told?.get(one.id)));
      if (readings.length === 0 || send({ type: 'limits', readings })) told = now;
    },
  };
}

function readingOf(now: MeterStats, before: MeterStats | undefined): LimitReading[] {
  const meter = decodeMeter(now.id);
  if (!meter || !isVnicKind(meter.kind)) return [];
  // A meter that was made anew counts from nothing.
  const isSame = before !== undefined && before.packets <= now.packets && before.droppedPackets <= now.droppedPackets;
  const droppedPackets = Number(now.droppedPackets - (isSame ? before.droppedPackets : 0n));
  const droppedBytes = Number(now.droppedBytes - (isSame ? before.droppedBytes : 0n));
  return droppedPackets > 0 ? [{ num: meter.num, kind: meter.kind, droppedPackets, droppedBytes }] : [];
}

const isVnicKind = (kind: string): kind is LimitKind => LIMIT_KINDS.some((one) => one === kind);
