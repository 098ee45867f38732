import type {
  Alert,
  AlertCode,
  DeliveryProblem,
  DeliveryState,
  NotificationDelivery,
  NotificationLanguage,
  NotificationMatch,
  NotificationTarget,
  SecretName,
  Severity,
} from '@hypervigil/model';
import type { AlertMessage, DigestMessage, Question } from '@hypervigil/notify';
import type { Generated, JSONColumnType } from 'kysely';
import type { Now, When } from './columns.ts';

interface NotificationRouteTable {
  id: string;
  name: string;
  description: string;
  tenant_id: string | null;
  enabled: boolean;
  language: NotificationLanguage;
  match: JSONColumnType<NotificationMatch>;
  per_hour: number;
  target: JSONColumnType<NotificationTarget>;
  place: string;
  /** Sealed with the key of this installation, about this row. */
  secrets: Buffer;
  secret_names: SecretName[];
  revision: Generated<number>;
  changed_at: Now;
  /** One process sends for a route at a time, until then. */
  leased_until: When;
  leased_by: string | null;
  turn_at: When;
  /** In a row, and since when. */
  failures: Generated<number>;
  failing_since: When;
  problem: JSONColumnType<DeliveryProblem> | null;
  retry_at: When;
  last_sent_at: When;
  tested_at: When;
}

/** What is to be told, as it was when it came to be told: of an alert, or of what a digest counts. */
export type NotificationContent =
  | { readonly alert: Alert; readonly tenant: AlertMessage['tenant']; readonly question?: Question }
  | Pick<DigestMessage, 'parts' | 'from' | 'to' | 'perHour'>;

interface NotificationOutboxTable {
  id: string;
  route_id: string;
  event: NotificationDelivery['event'];
  alert_id: string | null;
  code: AlertCode | null;
  severity: Severity | null;
  vm_name: string | null;
  count: Generated<number>;
  content: JSONColumnType<NotificationContent>;
  state: Generated<DeliveryState>;
  attempts: Generated<number>;
  created_at: Now;
  next_at: Now;
  finished_at: When;
  problem: JSONColumnType<DeliveryProblem> | null;
  answer: string | null;
  /** That counts it. */
  digest_id: string | null;
}

export interface NotificationsTables {
  notification_routes: NotificationRouteTable;
  notification_outbox: NotificationOutboxTable;
}
