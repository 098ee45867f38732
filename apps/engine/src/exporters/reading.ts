import { createIpfixDecoder } from '@hypervigil/ipfix';
import type { ExporterReport, IntentExporter } from '@hypervigil/model';
import { createSflowDecoder } from '@hypervigil/sflow';
import { toldByRecord } from './from-ipfix.ts';
import { toldBySample } from './from-sflow.ts';
import type { Told } from './told.ts';

type Figures = Omit<ExporterReport, 'id' | 'state' | 'reason' | 'absurd' | 'lastHeardAt'>;

/** Reads the datagrams of one exporter. */
export interface Reading {
  /** @param sender address and port, of which each has its own templates and numbers */
  read(octets: Uint8Array, length: number, sender: string, onTold: (told: Told) => void): void;
  figures(): Figures;
}

/** Of one exporter. The ports that it sends from are not enrolled, so that there may be many. */
const LIMITS = {
  exporters: 16,
  domainsPerExporter: 64,
  templatesPerDomain: 512,
  fieldsPerTemplate: 256,
  fields: 50_000,
};

export const createReading = (
  { protocol, sampling }: Pick<IntentExporter, 'protocol' | 'sampling'>,
  now: () => number,
): Reading => (protocol === 'sflow' ? sflow(now) : ipfix(sampling));

function ipfix(sampling: number): Reading {
  const decoder = createIpfixDecoder({ limits: LIMITS });
  return {
    read(octets, length, sender, onTold) {
      const onRecord = (record: Parameters<typeof toldByRecord>[0]) => toldByRecord(record, sampling).forEach(onTold);
      decoder.decode(octets, sender, onRecord, length);
    },
    figures() {
      const { messages, records, lost, sequenceResets, malformed, setsWithoutTemplate } = decoder.stats;
      return {
        ...{ datagrams: messages, flows: records, lost, resets: sequenceResets, malformed: sum(malformed) },
        ...{ withoutTemplate: setsWithoutTemplate, sampling: null },
      };
    },
  };
}

function sflow(now: () => number): Reading {
  const decoder = createSflowDecoder();
  let lastRate: number | null = null;
  return {
    read(octets, length, sender, onTold) {
      const onSample = (sample: Parameters<typeof toldBySample>[0]) => {
        lastRate = sample.rate;
        onTold(toldBySample(sample, now()));
      };
      decoder.decode(octets, sender, onSample, length);
    },
    figures() {
      const { datagrams, samples, lost, sequenceResets, malformed } = decoder.stats;
      return {
        ...{ datagrams, flows: samples, lost, resets: sequenceResets, malformed: sum(malformed) },
        ...{ withoutTemplate: 0, sampling: lastRate },
      };
    },
  };
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
