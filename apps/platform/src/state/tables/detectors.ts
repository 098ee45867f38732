import type { AlertCode, Sensitivity } from '@hypervigil/model';
import type { Generated } from 'kysely';
import type { Now } from './columns.ts';

interface DetectorSettingTable {
  id: string;
  group_id: string | null;
  codes: AlertCode[];
  sensitivity: Sensitivity;
  reason: string;
  expires_at: Date | null;
  swallowed: Generated<number>;
  swallowed_at: Date | null;
  revision: Generated<number>;
  created_at: Now;
  changed_at: Now;
  changed_by: string;
}

export interface DetectorsTables {
  detector_settings: DetectorSettingTable;
}
