import type { LimitReading, LimitValues } from '@hypervigil/model';
import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely';
import type { Now } from './columns.ts';

interface LimitTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  description: string;
  vm_ids: string[];
  group_ids: string[];
  network_ids: string[];
  tenant_ids: string[];
  limit_values: JSONColumnType<LimitValues>;
  /** Connections of each network that it is about. */
  network_open: number | null;
  revision: Generated<number>;
  changed_at: Now;
}

/** What limits have dropped of a vNIC, a rule, or a network, on a host. */
interface LimitDropTable {
  host_id: string;
  num: number;
  kind: LimitReading['kind'];
  dropped_packets: number;
  dropped_bytes: number;
  /** When the present time of dropping, or the last one, began. */
  since: Date;
  last_at: Date;
}

/** What vNICs and rules may have at most. */
export interface LimitsTables {
  limits: LimitTable;
  limit_drops: LimitDropTable;
}
