import type { HostFirewallStatus } from '@hypervigil/model';
import type { Database } from '../state/database.ts';
import { type Actor, transact } from '../state/work.ts';
import { ensureRows } from './rows.ts';

type Stated = Pick<HostFirewallStatus, 'state'>;

export const hasFailed = <T extends Stated>(status: T): status is T & { state: 'rolled-back' | 'refused' | 'failed' } =>
  status.state === 'rolled-back' || status.state === 'refused' || status.state === 'failed';

/** Takes in what a host says of its firewall. */
export function reportFirewall(db: Database, actor: Actor, hostId: string, status: HostFirewallStatus): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    await ensureRows(tx, hostId);
    const row = await tx
      .selectFrom('host_firewalls')
      .select(['revision', 'status'])
      .where('host_id', '=', hostId)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return;
    await tx
      .updateTable('host_firewalls')
      .set({
        status: JSON.stringify(status),
        // A database that was restored knows less than the host, which takes nothing that is not newer.
        ...(status.revision > row.revision && row.revision > 0 ? { revision: status.revision + 1 } : {}),
      })
      .where('host_id', '=', hostId)
      .execute();
    if (textOf(row.status) === textOf(status)) return;
    changed('host-firewall', hostId);
    const isNews = row.status?.revision !== status.revision || row.status.state !== status.state;
    if (isNews && hasFailed(status)) {
      const { revision, problem } = status;
      const params = { revision, ...problem };
      audit({ action: `host-firewall.${status.state}`, subject: `host:${hostId}`, params, outcome: 'failed' });
    }
  });
}

/** All but the counters, which move all the time. */
function textOf(status: HostFirewallStatus | null): string {
  if (status === null) return '';
  const { revision, state, problem, kept, repairs, unknown } = status;
  return JSON.stringify([revision, state, problem, kept, repairs, unknown]);
}
