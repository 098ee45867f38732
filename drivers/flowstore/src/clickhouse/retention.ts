import { setTimeout as pause } from 'node:timers/promises';
import { BATCH_MEMORY_MS, type RetentionLimits } from '../retention.ts';
import type { Param } from '../sql/condition.ts';
import { bound } from './literal.ts';
import { CLAIMS, KIND, RECORDS } from './schema.ts';
import type { Server } from './server.ts';
import { ServerError } from './server-error.ts';

const SECONDS = 60;
/** How long a server may take to write what is left anew. */
const MUTATION_MS = 10 * 60_000;
/** Rounds of deleting by size. */
const MAX_ROUNDS = 8;
/** At least this share of all rows is deleted in a round after the first. */
const LEAST_SHARE = 0.02;
const HOUR_S = 3600;

const IS_BATCH = `record = ${KIND.batch}`;
const IS_ROW = `record < ${KIND.batch}`;
const IS_UPDATE = `record = ${KIND.update}`;

async function first(
  server: Server,
  sql: string,
  params: readonly Param[] = [],
): Promise<readonly (string | number)[]> {
  const answer = await server.run(`${bound({ sql, params })} FORMAT JSONCompact`, SECONDS);
  return (JSON.parse(answer.toString()) as { data: [][] }).data[0] ?? [];
}

const numberOf = async (server: Server, sql: string, params: readonly Param[] = []): Promise<number> =>
  Number((await first(server, sql, params))[0] ?? 0);

/** Deletes by age, then by size. */
export async function retain(server: Server, limits: RetentionLimits): Promise<{ deletedRows: number }> {
  const { nowMs, maxAgeMs, maxBytes } = limits;
  const forgottenMs = nowMs - BATCH_MEMORY_MS;
  let deletedRows = maxAgeMs === undefined ? 0 : await deleteBefore(server, nowMs - maxAgeMs, forgottenMs);
  await deleteIds(server, forgottenMs);
  await dropClaims(server);
  if (maxBytes !== undefined) deletedRows += await shrinkTo(server, maxBytes, forgottenMs);
  return { deletedRows };
}

/**
 * Hours of which nothing stays are dropped, at once. Of the others, the server writes anew the parts that have something old.
 * @param forgottenMs before which ids of batches are forgotten
 */
async function deleteBefore(server: Server, borderMs: number, forgottenMs: number): Promise<number> {
  const border = Math.floor(borderMs);
  const old = `${IS_ROW} AND end_ms < ?`;
  const deleted = await numberOf(server, `SELECT count() FROM ${RECORDS} WHERE ${old}`, [border]);
  if (deleted === 0) return 0;
  await dropHours(server, border, forgottenMs);
  await deleteRows(server, old, [border]);
  return deleted;
}

async function dropHours(server: Server, border: number, forgottenMs: number): Promise<void> {
  const sql = `SELECT groupArray(hour) FROM (SELECT toString(toUInt32(toStartOfHour(stored))) AS hour FROM ${RECORDS}
    GROUP BY hour HAVING max(end_ms) < ? AND toUInt32(max(stored)) < ?)`;
  const [hours] = (await first(server, sql, [border, Math.floor(forgottenMs / 1000) - HOUR_S])) as unknown as [
    string[],
  ];
  for (const hour of hours ?? [])
    await server.run(bound({ sql: `ALTER TABLE ${RECORDS} DROP PARTITION ID '${Number(hour)}'`, params: [] }), SECONDS);
}

async function deleteIds(server: Server, forgottenMs: number): Promise<void> {
  const old = `${IS_BATCH} AND end_ms < ?`;
  const params = [Math.floor(forgottenMs)];
  // Ids are small: they may stay an hour longer, which spares a part being written anew for each.
  const oldest = await numberOf(server, `SELECT min(end_ms) FROM ${RECORDS} WHERE ${old}`, params);
  if (oldest > 0 && oldest < forgottenMs - HOUR_S * 1000) await deleteRows(server, old, params);
}

/** @returns when it is done */
async function deleteRows(server: Server, where: string, params: readonly Param[]): Promise<void> {
  await server.run(bound({ sql: `ALTER TABLE ${RECORDS} DELETE WHERE ${where}`, params }), SECONDS);
  const waiting = `SELECT count() FROM system.mutations WHERE database = ? AND table = '${RECORDS}' AND is_done = 0`;
  for (const until = performance.now() + MUTATION_MS; performance.now() < until; await pause(50))
    if ((await numberOf(server, waiting, [server.database])) === 0) return;
  throw new ServerError('the server has not deleted what is old in ten minutes');
}

async function shrinkTo(server: Server, maxBytes: number, forgottenMs: number): Promise<number> {
  let deletedRows = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const bytes = await usedBytes(server);
    if (bytes <= maxBytes) break;
    const share = Math.max(1 - maxBytes / bytes, round === 0 ? 0 : LEAST_SHARE);
    const border = await numberOf(
      server,
      `SELECT toInt64(quantileExact(${share.toFixed(6)})(end_ms)) + 1 FROM ${RECORDS} WHERE ${IS_UPDATE}`,
    );
    const deleted = await deleteBefore(server, border, forgottenMs);
    if (deleted === 0) break;
    deletedRows += deleted;
  }
  return deletedRows;
}

/** Claims last a minute. */
async function dropClaims(server: Server): Promise<void> {
  const sql = `SELECT groupUniqArray(toString(toUInt32(toStartOfHour(at)))) FROM ${CLAIMS} WHERE at < now() - ${2 * HOUR_S}`;
  const [hours] = (await first(server, sql)) as unknown as [string[]];
  for (const hour of hours ?? [])
    await server.run(`ALTER TABLE ${CLAIMS} DROP PARTITION ID '${Number(hour)}'`, SECONDS);
}

/** Of the parts that are in use. */
const usedBytes = (server: Server): Promise<number> =>
  numberOf(
    server,
    `SELECT sum(bytes_on_disk) FROM system.parts WHERE database = ? AND table = '${RECORDS}' AND active`,
    [server.database],
  );
