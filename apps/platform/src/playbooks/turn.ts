import type { Responding } from '@hypervigil/contract';
import { type Act, decide, peerToBlock } from '@hypervigil/detect';
import type { Playbook, PlaybookOutcome } from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure } from '../errors.ts';
import { respondIn } from '../responses/respond.ts';
import type { Database, Tx } from '../state/database.ts';
import { type Actor, lock, recordRefusal, transact, type Work } from '../state/work.ts';
import { toPlaybook } from './playbooks.ts';

interface Queued {
  readonly playbook_id: string;
  readonly alert_id: string;
  readonly vm_id: string;
}

const AT_ONCE = 50;

/** In whose name a playbook does things. */
const actorOf = ({ name }: Pick<Playbook, 'name'>): Actor => ({ name: `playbook:${name}`, requestId: null });

/** Does what playbooks say about alerts that wait for them, each by itself, the oldest first. */
export async function playbookTurn(db: Database): Promise<void> {
  const queued = await db
    .selectFrom('playbook_runs')
    .select(['playbook_id', 'alert_id', 'vm_id'])
    .where('outcome', 'is', null)
    .orderBy('queued_at')
    .limit(AT_ONCE)
    .execute();
  for (const one of queued) {
    const row = await db.selectFrom('playbooks').selectAll().where('id', '=', one.playbook_id).executeTakeFirst();
    if (row !== undefined) await run(db, toPlaybook(row), one);
  }
}

/** What could not be done is written down as refused; the refusal itself undid everything else. */
async function run(db: Database, playbook: Playbook, queued: Queued): Promise<void> {
  const actor = actorOf(playbook);
  try {
    await transact(db, actor, async (work) => {
      await lock(work.tx, 'responses');
      // Another platform may have been here first.
      if (await isQueued(work.tx, queued)) await finish(work, queued, await act(work, playbook, queued), null);
    });
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    const isMine = await transact(db, actor, async (work) => {
      await lock(work.tx, 'responses');
      const isMine = await isQueued(work.tx, queued);
      if (isMine) await finish(work, queued, 'refused', error.code);
      return isMine;
    });
    const params = { code: error.code, vmId: queued.vm_id };
    if (isMine)
      await recordRefusal(db, actor, { action: 'alert.respond', subject: `alert:${queued.alert_id}`, params });
  }
}

/** @throws ApiFailure why it cannot be done */
async function act(work: Work, playbook: Playbook, { alert_id, vm_id }: Queued): Promise<PlaybookOutcome> {
  const { history, nowMs } = await lately(work.tx, playbook.id);
  const verdict = playbook.enabled ? decide(playbook, history, { vmId: vm_id, atMs: nowMs }) : 'hold';
  if (verdict === 'hold') {
    const params = { name: playbook.name, vmId: vm_id, perHour: playbook.perHour };
    work.audit({ action: 'playbook.held', subject: `alert:${alert_id}`, params });
    return 'held';
  }
  await respondIn(work, alert_id, await responseOf(work.tx, playbook, alert_id), playbook);
  return verdict === 'act' ? 'acted' : 'asked';
}

async function responseOf(tx: Tx, playbook: Playbook, alertId: string): Promise<Responding> {
  const { action, addressSetId, minutes, name, description } = playbook;
  // A tenant is asked what the playbook says of itself.
  const reason = action === 'ask-tenant' ? description || name : name;
  const said = { action, reason, ...(minutes !== null && { minutes }) };
  if (action !== 'block-peer') return said;
  if (addressSetId === null) throw new ApiFailure('set-gone', {});
  const alert = await tx.selectFrom('alerts').select('peers').where('id', '=', alertId).executeTakeFirstOrThrow();
  const ip = peerToBlock(alert.peers);
  if (ip === undefined) throw new ApiFailure('no-peer-outside', {});
  return { ...said, ip, addressSetId };
}

/** What it did and asked within the last hour, by the database's clock. */
async function lately(tx: Tx, playbookId: string): Promise<{ history: Act[]; nowMs: number }> {
  const { rows } = await sql<{ vmId: string; atMs: number }>`
    select vm_id as "vmId", (extract(epoch from decided_at) * 1000)::float8 as "atMs" from playbook_runs
    where playbook_id = ${playbookId}::uuid and outcome in ('acted', 'asked')
      and decided_at > clock_timestamp() - interval '1 hour'`.execute(tx);
  const now = await sql<{ ms: number }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(
    tx,
  );
  return { history: rows, nowMs: now.rows[0]!.ms };
}

async function isQueued(tx: Tx, { playbook_id, alert_id }: Queued): Promise<boolean> {
  const row = await tx
    .selectFrom('playbook_runs')
    .select('alert_id')
    .where('playbook_id', '=', playbook_id)
    .where('alert_id', '=', alert_id)
    .where('outcome', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

async function finish(work: Work, queued: Queued, outcome: PlaybookOutcome, problem: string | null): Promise<void> {
  await work.tx
    .updateTable('playbook_runs')
    .set({ outcome, problem, decided_at: sql<Date>`clock_timestamp()` })
    .where('playbook_id', '=', queued.playbook_id)
    .where('alert_id', '=', queued.alert_id)
    .execute();
  work.changed('playbooks');
}
