import type { FlowRecord } from '@hypervigil/contract';
import type { ExporterReport, IntentExporter } from '@hypervigil/model';
import { createAggregator } from '../flows/aggregate.ts';
import { createReading } from './reading.ts';
import { sampleOf } from './sample.ts';
import { isAbsurd, type Told } from './told.ts';

/** One exporter that is believed: what it tells, put together to connections. */
export interface ForeignExporter {
  readonly intent: IntentExporter;
  take(octets: Uint8Array, length: number, sender: string): void;
  drain(limit: number): FlowRecord[];
  /** Connections that had to be forgotten with counters not yet given, since the last call. */
  takeLost(): number;
  figures(): Omit<ExporterReport, 'id' | 'state' | 'reason'>;
}

interface Deps {
  readonly intent: IntentExporter;
  /** The network of a VLAN, by its number; 0 where there is none. */
  readonly networkOfVlan: (vlan: number) => number;
  readonly maxConnections: number;
  /** The platform's time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that only moves forward. */
  readonly steady: () => number;
}

const NO_LINKS = 0;
/** No policy had a say in it. */
const NO_REVISION = 0;

export function createForeignExporter({ intent, networkOfVlan, maxConnections, now, steady }: Deps): ForeignExporter {
  let network = 0;
  let absurd = 0;
  let heardMs: number | null = null;
  const reading = createReading(intent, now);
  const aggregator = createAggregator({
    ...{ steady, maxConnections },
    networkOf: () => network,
    policyRevision: () => NO_REVISION,
    linksOf: () => NO_LINKS,
    gatewayId: () => undefined,
  });
  const onTold = (told: Told): void => {
    if (isAbsurd(told)) {
      absurd++;
      return;
    }
    network = intent.network ?? networkOfVlan(told.vlan);
    aggregator.add(sampleOf(told, now()));
  };
  return {
    intent,
    take(octets, length, sender) {
      heardMs = now();
      reading.read(octets, length, sender, onTold);
    },
    drain: (limit) =>
      aggregator.drain(limit).map((record) => ({ ...record, ...whatIsKnown(record), exporter: intent.id })),
    takeLost: aggregator.takeLost,
    figures: () => ({
      ...reading.figures(),
      absurd,
      lastHeardAt: heardMs === null ? null : new Date(heardMs).toISOString(),
    }),
  };
}

/** No MAC is none; and a lie that is told a thousand times is still a number that the platform takes. */
function whatIsKnown({ srcMac, dstMac, bytes, packets, replyBytes, replyPackets }: FlowRecord): Partial<FlowRecord> {
  return {
    srcMac: srcMac || null,
    dstMac: dstMac || null,
    bytes: bounded(bytes),
    packets: bounded(packets),
    replyBytes: bounded(replyBytes),
    replyPackets: bounded(replyPackets),
  };
}

const bounded = (count: number): number => Math.min(count, 2 ** 50);
