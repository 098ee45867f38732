import type {
  AlertCode,
  AlertFacts,
  AlertPeer,
  AlertResolution,
  AlertState,
  IncidentTie,
  ResponseAction,
  ResponseAnswer,
  ResponseState,
  Severity,
  SeverityReason,
} from '@hypervigil/model';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Now, When } from './columns.ts';

export interface AlertTable {
  id: string;
  code: AlertCode;
  /** What tells alerts of one code about one VM apart. */
  about: string;
  severity: Severity;
  reason: SeverityReason;
  state: Generated<AlertState>;
  resolution: AlertResolution | null;
  vm_id: string;
  vm_name: string;
  tenant_id: string | null;
  side: 'source' | 'target';
  technique: string;
  expected: JSONColumnType<AlertFacts>;
  seen: JSONColumnType<AlertFacts>;
  peers: JSONColumnType<AlertPeer[]>;
  flow_keys: string[];
  count: Generated<number>;
  first_at: Date;
  last_at: Date;
  created_at: Now;
  assignee: string | null;
  incident_id: string | null;
  /** What it may have in common with others, by their keys. */
  entities: Generated<string[]>;
  /** What it had in common with which alerts when it came to its incident. */
  ties: ColumnType<IncidentTie[], string | undefined, string>;
  /** Who put it there by hand. */
  placed_by: string | null;
  placed_at: When;
}

interface IncidentTable {
  id: string;
  created_at: Now;
  /** Somebody has merged or split it by hand. */
  arranged: Generated<boolean>;
  merged_into: string | null;
}

interface AlertCommentTable {
  id: string;
  alert_id: string;
  at: Now;
  author: string;
  text: string;
}

export interface AlertExceptionTable {
  id: string;
  alert_id: string | null;
  vm_id: string;
  vm_name: string;
  tenant_id: string | null;
  code: AlertCode;
  /** Null where it is for everything that the detector tells of the VM. */
  about: string | null;
  peers: string[];
  owner: string;
  reason: string;
  created_at: Now;
  expires_at: Date;
  swallowed: Generated<number>;
  swallowed_at: Date | null;
}

export interface AlertResponseTable {
  id: string;
  alert_id: string | null;
  code: AlertCode;
  vm_id: string;
  vm_name: string;
  tenant_id: string | null;
  action: ResponseAction;
  ip: string | null;
  set_id: string | null;
  set_name: string | null;
  state: Generated<ResponseState>;
  reason: string;
  done_by: string;
  created_at: Now;
  until: Date | null;
  ended_at: Date | null;
  ended_by: string | null;
  end_reason: string | null;
  answer: ResponseAnswer | null;
  playbook_id: string | null;
  playbook_by: string | null;
  /** How long it lasts from when it is done. */
  minutes: number | null;
  waits_until: Date | null;
  decided_by: string | null;
}

/** What detectors know of a VM. */
interface DetectorStateTable {
  vm_id: string;
  state: JSONColumnType<object>;
  saved_at: Now;
}

export interface AlertsTables {
  alerts: AlertTable;
  incidents: IncidentTable;
  alert_comments: AlertCommentTable;
  alert_exceptions: AlertExceptionTable;
  alert_responses: AlertResponseTable;
  detector_states: DetectorStateTable;
}
