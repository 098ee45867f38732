import type { ExporterReport, ExportProtocol, Stranger } from '@hypervigil/model';
import type { Generated, JSONColumnType } from 'kysely';
import type { Now } from './columns.ts';

interface ExporterTable {
  id: string;
  name: string;
  description: string;
  host_id: string;
  address: string;
  listen: string;
  port: number;
  protocol: ExportProtocol;
  network_id: string | null;
  sampling: number;
  revision: Generated<number>;
  changed_at: Now;
}

/** What the host of an exporter said last of it. */
interface ExporterReportTable {
  exporter_id: string;
  report: JSONColumnType<Omit<ExporterReport, 'id'>>;
}

/** Who sends to a host as exporters do, and is none. */
interface StrangerTable {
  host_id: string;
  heard: JSONColumnType<Stranger[]>;
}

/** Who beside the hosts tells of flows. */
export interface ExportersTables {
  exporters: ExporterTable;
  exporter_reports: ExporterReportTable;
  exporter_strangers: StrangerTable;
}
