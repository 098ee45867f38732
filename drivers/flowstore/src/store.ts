import type { FlowExpression, FlowGroupField, InspectionOutcome, NameKind, Verdict } from '@hypervigil/model';
import type { Edge, FlowRow, RuleHits, SeriesPoint, StoredFlow, Talk, TopFlows, Turn } from './flow.ts';
import type { NameRow, StoredName } from './name.ts';

/** Which updates: every field narrows. */
export interface FlowFilter {
  /** Updates at or after. */
  readonly fromMs?: number | undefined;
  /** Updates before. */
  readonly toMs?: number | undefined;
  /** Only flows with an end in one of these tenants: what the reader may see. An empty list sees nothing. */
  readonly tenants?: readonly string[] | undefined;
  /** Either end. With `peerVmId`: one end each. */
  readonly vmId?: string | undefined;
  readonly peerVmId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly hostId?: string | undefined;
  readonly networkId?: string | undefined;
  /** Either end: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`, or the beginning of an address: `10.0.`, `fd00:1:`. */
  readonly address?: string | undefined;
  /** Either end's. */
  readonly port?: number | undefined;
  readonly protocol?: number | undefined;
  readonly verdict?: Verdict | undefined;
  readonly ruleId?: string | undefined;
  readonly ruleNum?: number | undefined;
  /** Not what these decided. */
  readonly exceptRuleNums?: readonly number[] | undefined;
  /** At least one end is one of these; an empty list finds nothing. */
  readonly vmIds?: readonly string[] | undefined;
  /** Flows of which staged rules would make this verdict, or another one than they have; all updates of them. */
  readonly pending?: 'differs' | Verdict | undefined;
  readonly pendingRuleNum?: number | undefined;
  /** Flows of which this became, or that this gateway inspected; all updates of them. */
  readonly inspection?: InspectionOutcome | undefined;
  readonly gatewayId?: string | undefined;
  /** Flows that a gateway has recognised as this, in whatever case; all updates of them. */
  readonly application?: string | undefined;
  /** A part of the name that was asked for or spoken to. */
  readonly name?: string | undefined;
  /** Number of one of the risks, 0 … 63. */
  readonly risk?: number | undefined;
  /** Number of what an intrusion detection has seen in them. */
  readonly signature?: number | undefined;
  /** An address as above, or a part of a MAC, an id of a VM, vNIC, host, network or rule. */
  readonly text?: string | undefined;
  /** What people asked for in the language of filters, with its names looked up. */
  readonly expression?: FlowExpression | undefined;
  /** Who reads, where that is not the provider: only flows with an end of the tenant's, as the tenant sees them. */
  readonly reader?: FlowReader | undefined;
}

/** A tenant that reads. Of an end that is not its own it knows the address; of rules that are not among its policies, the number. */
export interface FlowReader {
  readonly tenantId: string;
  /** Ids of the policies that it may know of. */
  readonly policies: readonly string[];
}

/** Which names: every field narrows, as it does for flows. */
export interface NameFilter
  extends Pick<
    FlowFilter,
    'fromMs' | 'toMs' | 'tenants' | 'vmId' | 'tenantId' | 'hostId' | 'networkId' | 'address' | 'gatewayId'
  > {
  readonly kind?: NameKind | undefined;
  /** A part of it, in whatever case. */
  readonly name?: string | undefined;
}

export type FlowOrder = 'last' | 'start' | 'bytes' | 'packets';

/** What makes a group one of the first; bytes and packets in both directions. */
export type FlowTopOrder = 'flows' | 'bytes' | 'packets';

export interface Page {
  /** 1 … 100,000. */
  readonly limit: number;
  /** Highest first. Default `last`. */
  readonly order?: FlowOrder | undefined;
  /** `nextCursor` of the page before, with the same filter and order. */
  readonly cursor?: string | undefined;
}

export interface FlowStoreStats {
  /** Updates kept. */
  readonly rows: number;
  /** Of the data, free space inside the file not counted. */
  readonly bytes: number;
  readonly oldestMs: number | null;
  readonly newestMs: number | null;
  /** Where a damaged store was moved when this one was begun in its stead. */
  readonly movedAside: string | null;
}

/** Where flows are kept. Every method rejects with a `FlowStoreError`. */
export interface FlowStore {
  /**
   * Stores a batch whole or not at all; durable when it resolves.
   * @param batchId at most 200 characters; one that was stored within the last seven days is ignored
   * @returns `stored: false` when the batch was there already
   */
  append(batchId: string, rows: readonly FlowRow[], names?: readonly NameRow[]): Promise<{ stored: boolean }>;
  /**
   * A connection that two hosts judged alike is one flow: that of its source's host, unless the filter names another.
   * @returns a page, and in `total` how many flows the filter finds on all pages
   */
  query(filter: FlowFilter, page: Page): Promise<{ flows: StoredFlow[]; total: number; nextCursor: string | null }>;
  /** The busiest edges first. */
  edges(filter: FlowFilter, limit: number): Promise<{ edges: Edge[]; truncated: boolean }>;
  /** Flows by what they have in common in one field or two: the groups with the most first. */
  top(filter: FlowFilter, by: readonly FlowGroupField[], order: FlowTopOrder, limit: number): Promise<TopFlows>;
  /** Of IP traffic, the most frequent first. */
  talks(filter: FlowFilter, limit: number): Promise<{ talks: Talk[]; truncated: boolean }>;
  /**
   * Talks found by both filters of which the last word is another: allowed in the one time, not allowed in the other. What is
   * no longer allowed comes first, then the most frequent.
   */
  turns(before: FlowFilter, after: FlowFilter, limit: number): Promise<{ turns: Turn[]; truncated: boolean }>;
  /** Sorted by number. A rule that decided nothing, or is staged and would have, is left out. */
  ruleHits(filter: FlowFilter): Promise<RuleHits[]>;
  /** Ids of the VMs at either end, in order. */
  vmsSeen(filter: FlowFilter): Promise<string[]>;
  /** Buckets are aligned to multiples of `bucketMs` since 1970; empty ones are left out. Sorted by time. */
  series(filter: FlowFilter, bucketMs: number): Promise<SeriesPoint[]>;
  /** The newest first. @returns a page, and in `total` how many there are on all pages */
  names(
    filter: NameFilter,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ names: StoredName[]; total: number; nextCursor: string | null }>;
  stats(): Promise<FlowStoreStats>;
  /** Forgets what is older than `maxAgeMs`, then the oldest until the data take at most `maxBytes`. */
  retain(limits: { nowMs: number; maxAgeMs?: number; maxBytes?: number }): Promise<{ deletedRows: number }>;
  /** Finishes what was appended, and closes. */
  close(): Promise<void>;
}
