import { type CollectorStats, startCollector } from '@hypervigil/ipfix';
import type { HostIntent } from '@hypervigil/model';
import type { Exporters } from '../exporters/exporters.ts';
import type { ClockWatch } from '../health/clock.ts';
import { createAggregator } from './aggregate.ts';
import { createGatewayLogs, type GatewayLogs } from './gateway-logs.ts';
import { createInspectingRules } from './inspecting-rules.ts';
import { createNetworkFinder } from './networks.ts';
import { toSample } from './sample.ts';
import type { FlowSender } from './sender.ts';
import { onPlatformTime } from './when.ts';

export interface FlowCollection {
  /** `address:port` to which the switch has to export. */
  readonly target: string;
  /** What a gateway has written down joins the flows of the switch. */
  readonly takeGatewayLog: GatewayLogs['take'];
  /** Packets since the beginning that somebody else than the switch sent there. */
  forged(): number;
  stop(): Promise<void>;
}

const FLUSH_INTERVAL_MS = 1_000;
const MAX_RECORDS_PER_FLUSH = 50_000;
const LOOPBACK = '127.0.0.1';

interface CollectionDeps {
  readonly intent: () => HostIntent;
  /** The identity of one of this host's gateways, by its number. */
  readonly gatewayId: (num: number) => string | undefined;
  /** The user that the switch runs as, while it is known: whose socket flow records have to come from. */
  readonly exporterUid: () => number | undefined;
  /** What others than the switch saw goes the same way. */
  readonly exporters: Pick<Exporters, 'drain' | 'takeLost'>;
  readonly clock: Pick<ClockWatch, 'errorMs'>;
  readonly sender: FlowSender;
}

/** Listens to the switch's samples and hands the connections that they make up to the sender, about once a second. */
export async function collectFlows({
  intent,
  gatewayId,
  exporterUid,
  exporters,
  clock,
  sender,
}: CollectionDeps): Promise<FlowCollection> {
  const aggregator = createAggregator({
    networkOf: createNetworkFinder(intent),
    linksOf: createInspectingRules(intent),
    gatewayId,
    policyRevision: () => intent().policyRevision,
    steady: () => performance.now(),
  });
  const collector = await startCollector({
    host: LOOPBACK,
    port: 0,
    exporterUid,
    onRecord(record) {
      const sample = toSample(record);
      if (sample) aggregator.add(onPlatformTime(sample, Date.now(), clock.errorMs()));
    },
  });
  const losses = createLossCounter();
  let forged = 0;
  const gatewayLogs = createGatewayLogs({
    aggregator,
    gatewayId,
    steady: () => performance.now(),
    now: () => Date.now() - clock.errorMs(),
  });
  const flush = async (): Promise<void> => {
    const records = aggregator.drain(MAX_RECORDS_PER_FLUSH).concat(exporters.drain(MAX_RECORDS_PER_FLUSH));
    const stats = await collector.stats();
    forged = stats.refused;
    const lost = aggregator.takeLost() + gatewayLogs.takeLost() + exporters.takeLost() + losses(stats);
    const names = gatewayLogs.drainNames();
    if (records.length > 0 || names.length > 0 || lost > 0) await sender.flush({ records, names }, lost);
    if (sender.failing() === undefined) gatewayLogs.settle();
  };
  let turn: Promise<void> | undefined;
  const timer = setInterval(() => {
    turn ??= flush().finally(() => {
      turn = undefined;
    });
  }, FLUSH_INTERVAL_MS);
  return {
    target: `${LOOPBACK}:${collector.port}`,
    takeGatewayLog: gatewayLogs.take,
    forged: () => forged,
    async stop() {
      clearInterval(timer);
      await collector.close();
      await turn;
      await flush();
    },
  };
}

/** Records that did not reach us since the last call: sequence gaps tell of them, and the kernel of full buffers. */
function createLossCounter(): (stats: Pick<CollectorStats, 'lost'>) => number {
  let counted = 0;
  return ({ lost }) => {
    const more = lost - counted;
    counted = lost;
    return Math.max(0, more);
  };
}
