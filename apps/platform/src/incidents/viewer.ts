import type { Alert, Id } from '@hypervigil/model';
import type { RawBuilder } from 'kysely';
import type { Access } from '../access/access.ts';
import { cutAlert } from '../access/cut.ts';

/** What somebody may see of incidents: all that is told of one is made of these of its alerts. */
export interface Viewer {
  /** Null: the provider's. */
  readonly tenantId: Id | null;
  /** Speaks of `alerts.vm_id` and `alerts.tenant_id`. */
  readonly visible: RawBuilder<boolean>;
  /** Speaks of `r.tenant_id` of routes. */
  readonly deliveries: RawBuilder<boolean>;
  readonly cut: <A extends Alert>(alert: A) => A;
}

export const viewerOf = async (access: Access): Promise<Viewer> => ({
  tenantId: access.person.tenantId,
  visible: await access.vms('alert:read', 'alerts.vm_id', 'alerts.tenant_id'),
  deliveries: access.owned('notification:read', 'r.tenant_id'),
  cut: cutAlert(access),
});
