import type { Closing, IncidentDetail } from '@hypervigil/contract';
import { assignIn, closeIn } from '../detect/alerts.ts';
import { ApiFailure, notFound } from '../errors.ts';
import type { Person } from '../identity/identity.ts';
import type { Database } from '../state/database.ts';
import { type Actor, lock, transact, type Work } from '../state/work.ts';
import { getIncident, membersOf, presentIncident } from './read.ts';
import type { Viewer } from './viewer.ts';

interface Call {
  readonly actor: Actor;
  readonly viewer: Viewer;
  readonly id: string;
}

/** Each open alert is closed as if by itself: with its comment, its exception, its entry in the audit, and told where closed ones are told. */
export const closeIncident = (db: Database, call: Call, closing: Closing): Promise<IncidentDetail> =>
  each(db, call, (work, alertId) => closeIn(work, alertId, closing));

export const assignIncident = (
  db: Database,
  call: Call,
  person: Pick<Person, 'tenantId'>,
  assignee: string | null,
): Promise<IncidentDetail> => each(db, call, (work, alertId) => assignIn(work, person, alertId, assignee));

/**
 * Does something with all of its open alerts that whoever does it sees, or with none.
 * @throws ApiFailure `not-found`, `incident-closed`, and what `run` throws
 */
async function each(
  db: Database,
  { actor, viewer, id }: Call,
  run: (work: Work, alertId: string) => Promise<void>,
): Promise<IncidentDetail> {
  await transact(db, actor, async (work) => {
    // Before any row, as whoever raises alerts: both hold several.
    await lock(work.tx, 'incidents');
    const alerts = await membersOf(work.tx, (await presentIncident(work.tx, id)) ?? id, viewer);
    if (alerts.length === 0) throw notFound('incident', id);
    const open = alerts.filter(({ state }) => state !== 'closed');
    if (open.length === 0) throw new ApiFailure('incident-closed', {});
    for (const alert of open) await run(work, alert.id);
  });
  return getIncident(db, id, viewer);
}
