import type { FlowViewQuestion } from '@hypervigil/model';
import type { Generated, JSONColumnType } from 'kysely';
import type { Now } from './columns.ts';

interface FlowViewTable {
  id: string;
  name: string;
  owner_id: string;
  tenant_id: string | null;
  shared: boolean;
  question: JSONColumnType<FlowViewQuestion>;
  revision: Generated<number>;
  changed_at: Now;
}

interface FlowArrivalTable {
  host_id: string;
  /** A minute. */
  at: Date;
  last_at: Date;
  lag_ms: number | null;
  records: number;
  names: number;
  lost: number;
  repeated: number;
  unjudged: number;
}

/** What people keep of questions about flows, and what came of each host's. The flows themselves are in the flow store. */
export interface FlowsTables {
  flow_views: FlowViewTable;
  flow_arrivals: FlowArrivalTable;
}
