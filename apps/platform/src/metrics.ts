import type { AlertCode, LimitReading, NotificationKind } from '@hypervigil/model';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ExporterCount } from './exporters/exporters.ts';
import type { GatewayCount } from './gateways/gateways.ts';
import type { NotificationOutcome } from './notification/courier.ts';

export interface Metrics {
  request(operation: string, status: number, seconds: number): void;
  message(type: string, seconds: number): void;
  flows(stored: number, lost: number): void;
  dropped(host: string, readings: readonly LimitReading[]): void;
  detected(code: AlertCode): void;
  undetected(why: 'overload' | 'failure', flows: number): void;
  notified(kind: NotificationKind, outcome: NotificationOutcome, count: number): void;
  compiled(seconds: number): void;
  pushed(kind: 'full' | 'patch'): void;
  readonly contentType: string;
  text(): Promise<string>;
}

interface Reads {
  channels(): number;
  streams(): number;
  eventPosition(): number;
  gateways(): Promise<readonly GatewayCount[]>;
  exporters(): Promise<readonly ExporterCount[]>;
  notificationsWaiting(): Promise<number>;
}

const FAST = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The platform's figures, in a registry of their own. */
export function createMetrics(read: Reads): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'hypervigil_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['operation', 'status'],
    buckets: FAST,
    registers,
  });
  const messages = new Histogram({
    name: 'hypervigil_channel_message_seconds',
    help: 'Time to take in a message of an engine',
    labelNames: ['type'],
    buckets: FAST,
    registers,
  });
  const compilations = new Histogram({
    name: 'hypervigil_intent_compile_seconds',
    help: 'Time to compile a change into intent',
    buckets: FAST,
    registers,
  });
  const pushes = new Counter({
    name: 'hypervigil_intent_pushes_total',
    help: 'Intent documents sent to engines',
    labelNames: ['kind'],
    registers,
  });
  const stored = new Counter({ name: 'hypervigil_flow_records_total', help: 'Flow records stored', registers });
  const lost = new Counter({
    name: 'hypervigil_flow_records_lost_total',
    help: 'Flow records that engines had to drop',
    registers,
  });
  const dropped = new Counter({
    name: 'hypervigil_limit_dropped_packets_total',
    help: 'Packets that limits of vNICs, rules and networks have dropped',
    labelNames: ['host', 'kind'],
    registers,
  });
  const detected = new Counter({
    name: 'hypervigil_detections_total',
    help: 'What detectors told, before it was put together into alerts',
    labelNames: ['code'],
    registers,
  });
  const undetected = new Counter({
    name: 'hypervigil_flow_records_unjudged_total',
    help: 'Flow records that were stored and that no detector judged, because there were too many or one failed',
    labelNames: ['why'],
    registers,
  });
  const notified = new Counter({
    name: 'hypervigil_notifications_total',
    help: 'Messages about alerts, by the kind of their destination and what came of the try',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  new Gauge({
    name: 'hypervigil_notifications_waiting',
    help: 'Messages about alerts that wait to be sent',
    registers,
    async collect() {
      // Without an answer, the last one stands.
      await read.notificationsWaiting().then(
        (count) => this.set(count),
        () => undefined,
      );
    },
  });
  gauge(registers, 'hypervigil_channels', 'Engines connected to this process', read.channels);
  gauge(registers, 'hypervigil_event_streams', 'Browsers that follow events at this process', read.streams);
  gauge(
    registers,
    'hypervigil_event_log_position',
    'Last entry of the event log that this process has read',
    read.eventPosition,
  );
  new Gauge({
    name: 'hypervigil_gateways',
    help: 'Gateway VMs of a group on a host, by what is seen of them',
    labelNames: ['group', 'host', 'phase'],
    registers,
    async collect() {
      // The other figures are wanted most when the database does not answer.
      const counts = await read.gateways().catch(() => []);
      this.reset();
      for (const { group, host, phase, count } of counts) this.set({ group, host, phase }, count);
    },
  });
  new Gauge({
    name: 'hypervigil_exporter_records',
    help: 'Flow records of an exporter since its host began to listen for it, by what became of them',
    labelNames: ['exporter', 'host', 'what'],
    registers,
    async collect() {
      const exporters = await read.exporters().catch(() => []);
      this.reset();
      for (const { exporter, host, counts } of exporters)
        for (const [what, count] of Object.entries(counts)) this.set({ exporter, host, what }, count);
    },
  });
  return {
    request: (operation, status, seconds) => requests.observe({ operation, status: String(status) }, seconds),
    message: (type, seconds) => messages.observe({ type }, seconds),
    flows(added, dropped) {
      stored.inc(added);
      lost.inc(dropped);
    },
    dropped(host, readings) {
      for (const { kind, droppedPackets } of readings) dropped.inc({ host, kind }, droppedPackets);
    },
    detected: (code) => detected.inc({ code }),
    undetected: (why, flows) => undetected.inc({ why }, flows),
    notified: (kind, outcome, count) => notified.inc({ kind, outcome }, count),
    compiled: (seconds) => compilations.observe(seconds),
    pushed: (kind) => pushes.inc({ kind }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

function gauge(registers: Registry[], name: string, help: string, value: () => number): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(value());
    },
  });
}
