import type { MeterSpec } from '../openflow/meter.ts';

/** A flow in the text form of ovs-ofctl(8), the form in which the product writes, reads and shows flows. */
export interface FlowSpec {
  readonly table: number;
  readonly priority: number;
  readonly cookie: bigint;
  /** Such as `reg6=0x64,ip,nw_src=10.0.0.0/24,ct_state=+trk+new`; empty matches everything. */
  readonly match: string;
  /** Such as `load:0x1->NXM_NX_REG5[],resubmit(,20)`; `drop` or empty drops. */
  readonly actions: string;
}

/** What makes a flow itself: a second one with the same key replaces the first. */
export type FlowKey = Pick<FlowSpec, 'table' | 'priority' | 'match'>;

export interface FlowChange {
  readonly added: number;
  readonly modified: number;
  readonly deleted: number;
}

/** Meters that flows name. */
export interface MeterDelta {
  readonly upsert: readonly MeterSpec[];
  /** Ids. */
  readonly remove: readonly number[];
}

export interface FlowDelta {
  readonly upsert: readonly FlowSpec[];
  readonly remove: readonly FlowKey[];
  readonly meters?: MeterDelta;
}

export interface FlowStats extends FlowSpec {
  readonly packets: bigint;
  readonly bytes: bigint;
  /** Seconds since the flow was installed. */
  readonly durationS: number;
}
