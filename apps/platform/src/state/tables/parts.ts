import type { FeedFormat, FeedProblem, Hours, LeftOut, Service } from '@hypervigil/model';
import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely';
import type { Now, When } from './columns.ts';

interface ScheduleTable {
  id: string;
  name: string;
  description: string;
  hours: JSONColumnType<Hours>;
  revision: Generated<number>;
  changed_at: Now;
}

interface NamedServiceTable {
  id: string;
  name: string;
  description: string;
  services: JSONColumnType<Service[]>;
  revision: Generated<number>;
  changed_at: Now;
}

interface AddressSetTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  description: string;
  tenant_id: string | null;
  entry_count: number;
  excluded_count: number;
  ipv4_blocks: number;
  ipv6_blocks: number;
  revision: Generated<number>;
  changed_at: Now;
}

interface AddressSetEntriesTable {
  set_id: string;
  entries: string[];
  excluded: string[];
}

interface ThreatFeedTable {
  set_id: string;
  url: string | null;
  format: FeedFormat;
  csv_column: string | null;
  every_minutes: number;
  /** When the source is asked next; null when people bring the file. */
  next_at: When;
  tried_at: When;
  /** When the source last gave the entries, or said that they are the same. */
  checked_at: When;
  fetched_at: When;
  source: string | null;
  sha256: string | null;
  bytes: number | null;
  etag: string | null;
  last_modified: string | null;
  taken: Generated<number>;
  left_out: JSONColumnType<LeftOut[], string | undefined, string>;
  problem: JSONColumnType<FeedProblem | null, string | null | undefined, string | null>;
}

/** What else rules name. */
export interface PartsTables {
  address_sets: AddressSetTable;
  schedules: ScheduleTable;
  named_services: NamedServiceTable;
  address_set_entries: AddressSetEntriesTable;
  threat_feeds: ThreatFeedTable;
}
