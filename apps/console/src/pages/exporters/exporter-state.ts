import type { SeenExporter } from '@hypervigil/contract';
import { EXPORT_PORTS, EXPORT_PROTOCOLS, type ExportProtocol } from '@hypervigil/model';

export type ExporterState = 'heard' | 'silent' | 'failed' | 'unknown';

/** What is to be made of what its host says of an exporter. */
export function stateOf({ report }: SeenExporter): ExporterState {
  if (report === null) return 'unknown';
  if (report.state === 'failed') return 'failed';
  return report.lastHeardAt === null ? 'silent' : 'heard';
}

/** One packet in so many: as it says itself, else as people say of it. */
export const samplingOf = ({ report, sampling }: SeenExporter): number => report?.sampling ?? sampling;

/** What is usual on a port. */
export const protocolOn = (port: string | undefined): ExportProtocol | undefined =>
  EXPORT_PROTOCOLS.find((protocol) => String(EXPORT_PORTS[protocol]) === port);
