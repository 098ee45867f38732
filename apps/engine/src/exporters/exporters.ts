import { isDeepStrictEqual } from 'node:util';
import type { EngineMessage, FlowRecord } from '@hypervigil/contract';
import { addressToNumber, type ExporterReport, type IntentExporter, numberToAddress } from '@hypervigil/model';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createEars } from './ears.ts';
import { createForeignExporter, type ForeignExporter } from './exporter.ts';
import type { ExporterStore } from './stored.ts';
import { createStrangers, type Place } from './strangers.ts';

/** Switches, routers and probes that this host listens for. Whoever else sends there is counted, and not heard. */
export interface Exporters {
  /** What the platform wants from now on. */
  receive(wanted: readonly IntentExporter[]): void;
  /** What they told that was not given yet. */
  drain(limit: number): FlowRecord[];
  takeLost(): number;
  /** Tells the platform everything. */
  report(): void;
  stop(): Promise<void>;
}

interface ExportersDeps {
  readonly store: ExporterStore;
  readonly networkOfVlan: (vlan: number) => number;
  /** The platform's time, in milliseconds since 1970. */
  readonly now: () => number;
  readonly steady: () => number;
  readonly send: (message: EngineMessage) => boolean;
  readonly log: Log;
}

const LOOK_MS = 5_000;
/** Of all exporters together: about 60 MB. */
const MAX_CONNECTIONS = 100_000;

export async function createExporters(deps: ExportersDeps): Promise<Exporters> {
  const { store, networkOfVlan, now, steady, send, log } = deps;
  const strangers = createStrangers();
  let exporters: readonly ForeignExporter[] = [];
  let byPlace = new Map<string, ForeignExporter>();
  /** Of exporters that are gone, or are others now. */
  let left: FlowRecord[] = [];
  let lost = 0;
  let told = '';

  const ears = createEars((place, octets, length, sender) => {
    const address = canonical(sender.slice(0, sender.lastIndexOf(':')));
    const exporter = byPlace.get(keyOf(place, address));
    if (exporter === undefined) strangers.heard(place, address, now());
    else exporter.take(octets, length, sender);
  }, log);

  const leave = (exporter: ForeignExporter): void => {
    left = left.concat(exporter.drain(MAX_CONNECTIONS));
    lost += exporter.takeLost();
  };

  const become = (wanted: readonly IntentExporter[]): void => {
    const before = new Map(exporters.map((exporter) => [exporter.intent.id, exporter]));
    const maxConnections = Math.ceil(MAX_CONNECTIONS / Math.max(1, wanted.length));
    exporters = wanted.map((intent) => {
      const known = before.get(intent.id);
      if (known && isDeepStrictEqual(known.intent, intent)) {
        before.delete(intent.id);
        return known;
      }
      return createForeignExporter({ intent, networkOfVlan, maxConnections, now, steady });
    });
    for (const gone of before.values()) leave(gone);
    strangers.keep(wanted);
    byPlace = new Map(exporters.map((one) => [keyOf(one.intent, canonical(one.intent.address)), one]));
  };

  const tell = (): void => {
    const message = { type: 'exporters' as const, exporters: exporters.map(reportOf), strangers: strangers.list() };
    const text = JSON.stringify(message);
    if (text !== told && send(message)) told = text;
  };
  const reportOf = ({ intent, figures }: ForeignExporter): ExporterReport => {
    const reason = ears.failure(intent) ?? null;
    return { id: intent.id, state: reason === null ? 'listening' : 'failed', reason, ...figures() };
  };

  let saving = Promise.resolve();
  // One look at a time, each with what is wanted by then.
  let looking = Promise.resolve();
  const look = (): Promise<void> => {
    looking = looking
      .then(() => ears.listenAt(exporters.map(({ intent: { listen, port } }) => ({ listen, port }))))
      .then(tell)
      .catch((error: unknown) => log.warn({ reason: describeError(error) }, 'exporters could not be looked after'));
    return looking;
  };

  become(
    await store.load().catch((error: unknown) => {
      log.error({ reason: describeError(error) }, 'no exporter is listened for until the platform says which');
      return [];
    }),
  );
  await look();
  const timer = setInterval(() => void look(), LOOK_MS);

  return {
    receive(wanted) {
      become(wanted);
      told = '';
      saving = saving
        .then(() => store.save(wanted))
        .catch((error: unknown) => log.error({ reason: describeError(error) }, 'exporters could not be stored'));
      void look();
    },
    drain(limit) {
      const before = left.splice(0, limit);
      // Each has its share: none that tells much makes others wait.
      const share = Math.ceil((limit - before.length) / Math.max(1, exporters.length));
      return before.concat(...exporters.map((exporter) => exporter.drain(share)));
    },
    takeLost() {
      const taken = lost + exporters.reduce((sum, exporter) => sum + exporter.takeLost(), 0);
      lost = 0;
      return taken;
    },
    report() {
      told = '';
      tell();
    },
    async stop() {
      clearInterval(timer);
      await Promise.all([looking, saving]);
      ears.close();
    },
  };
}

const keyOf = ({ listen, port }: Place, address: string): string => `${listen} ${port} ${address}`;

/** One text for one address: a socket for IPv6 tells of IPv4 in its mapped form. */
function canonical(address: string): string {
  const value = addressToNumber(address);
  return value === null ? address : numberToAddress(value);
}
