import type { DetectorProposal } from '@hypervigil/contract';
import { type Judged, proposalsOf } from '@hypervigil/detect';
import { sql } from 'kysely';
import { findGroups } from '../policy/group-rows.ts';
import { groupsHolding } from '../policy/members.ts';
import type { Database } from '../state/database.ts';
import { appliedSettings } from './settings.ts';

const DAYS = 90;
/** The newest, where more were closed. */
const MAX_JUDGED = 20_000;

/** What people made of alerts, as settings of detectors that they may want. */
export async function listProposals(db: Database): Promise<{ items: DetectorProposal[] }> {
  const { rows } = await sql<Pick<Judged, 'code' | 'vmId' | 'resolution'>>`
    select code, vm_id as "vmId", resolution from alerts
    where state = 'closed' and resolution is not null and last_at > now() - make_interval(days => ${DAYS})
    order by last_at desc limit ${MAX_JUDGED}`.execute(db);
  const holding = await groupsHolding(db, [...new Set(rows.map(({ vmId }) => vmId))]);
  const judged = rows.map((row) => ({ ...row, groupIds: holding.get(row.vmId) ?? [] }));
  const proposals = proposalsOf(judged, await appliedSettings(db));
  const ids = proposals.flatMap(({ groupId }) => groupId ?? []);
  const names = new Map((await findGroups(db, ids)).map(({ id, name }) => [id, name]));
  return { items: proposals.map((one) => ({ ...one, groupName: names.get(one.groupId ?? '') ?? null })) };
}
