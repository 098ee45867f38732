import type { CaptureBounds, CaptureReport, GatewayReport, MirrorReport, MirrorTarget } from '@hypervigil/model';
import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from 'kysely';
import type { Now, When } from './columns.ts';

interface GatewayGroupTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  description: string;
  tenant_id: string | null;
  per_host: number;
  max_per_host: number;
  vcpus: number;
  memory_mib: number;
  detect: boolean;
  revision: Generated<number>;
  changed_at: Now;
}

interface GatewayTable {
  id: string;
  num: Generated<number>;
  group_id: string;
  host_id: string;
  epoch: Generated<number>;
  drain: Generated<boolean>;
  /** No longer needed: it goes when its connections are over. */
  retired: Generated<boolean>;
  /** Another is to take its place when its turn comes. */
  renew: Generated<boolean>;
  replaced_by: string | null;
  /** Since when it takes no new connections because its successor does, or the others. */
  replaced_at: When;
  report: JSONColumnType<Omit<GatewayReport, 'id'> | null, string | null | undefined, string | null>;
  created_at: Now;
  seen_at: When;
}

interface MirrorTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  description: string;
  tenant_id: string;
  vm_ids: string[];
  one_in: number;
  target: JSONColumnType<MirrorTarget>;
  revision: Generated<number>;
  changed_at: Now;
}

interface MirrorReportTable {
  mirror_id: string;
  host_id: string;
  report: JSONColumnType<Omit<MirrorReport, 'id'>>;
}

interface CaptureTable {
  id: string;
  mirror_id: string;
  bounds: JSONColumnType<CaptureBounds>;
  started_by: string;
  created_at: Now;
  ends_at: ColumnType<Date, Date, Date>;
  running: Generated<boolean>;
}

interface CaptureFileTable {
  id: Generated<string>;
  capture_id: string;
  host_id: string;
  report: JSONColumnType<Omit<CaptureReport, 'id'>>;
}

/** Gateways and what else is given copies. */
export interface GatewaysTables {
  mirrors: MirrorTable;
  mirror_reports: MirrorReportTable;
  captures: CaptureTable;
  capture_files: CaptureFileTable;
  gateway_groups: GatewayGroupTable;
  gateways: GatewayTable;
}
