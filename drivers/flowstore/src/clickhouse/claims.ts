import { randomUUID } from 'node:crypto';
import { textCells, wholeCells } from '../rows/cells.ts';
import { bound } from './literal.ts';
import { nativeBlock } from './native.ts';
import { CLAIMS, KIND, RECORDS } from './schema.ts';
import type { Server } from './server.ts';

/** A claim ends with its batch, when it is withdrawn, after so long, or when the server was started anew: then nothing is on its way. */
const CLAIM_SECONDS = 60;
/** Of each of the statements of a claim, and of storing what was claimed: together less than a claim lasts. */
export const STEP_SECONDS = 12;

export interface Claim {
  /** Stored before. */
  readonly known: ReadonlySet<string>;
  /** Some other process is storing them just now. */
  readonly taken: ReadonlySet<string>;
  /** That some will not be stored by us, after all. */
  withdraw(ids: readonly string[]): Promise<void>;
}

/**
 * Claims batches before they are stored: several processes may be given the same one at once, and a server has no transactions. Each first says
 * that it will, and then looks who else did: of two that both went on, each would have looked before the other one spoke, but it spoke before
 * it looked. Those that find each other withdraw, and try again at different times.
 */
export async function claim(server: Server, ids: readonly string[]): Promise<Claim> {
  const attempt = randomUUID();
  await tell(server, ids, attempt, 0);
  const places = ids.map(() => '?').join(', ');
  const others = `SELECT id FROM (SELECT id, attempt, max(ended) AS over FROM ${CLAIMS}
    WHERE id IN (${places}) AND at >= now() - least(${CLAIM_SECONDS}, uptime()) GROUP BY id, attempt) WHERE over = 0 AND attempt != ?`;
  const stored = `SELECT batch FROM ${RECORDS} WHERE record = ${KIND.batch} AND batch IN (${places})`;
  // One after the other: what is stored in between is claimed still.
  const taken = await idsOf(server, others, [...ids, attempt]);
  const known = await idsOf(server, stored, ids);
  return { known, taken, withdraw: (some) => (some.length === 0 ? Promise.resolve() : tell(server, some, attempt, 1)) };
}

async function idsOf(server: Server, sql: string, params: readonly string[]): Promise<Set<string>> {
  const answer = await server.run(`${bound({ sql, params })} FORMAT JSONCompact`, STEP_SECONDS, {
    max_query_size: 2 ** 28,
  });
  return new Set((JSON.parse(answer.toString()) as { data: [string][] }).data.map(([id]) => id));
}

async function tell(server: Server, ids: readonly string[], attempt: string, ended: 0 | 1): Promise<void> {
  const column = (name: string) => ({ name, isNullable: false });
  const rows = ids.length;
  const block = nativeBlock([
    { ...column('id'), type: 'text', pieces: [{ rows, cells: textCells(ids, (id) => id) }] },
    { ...column('attempt'), type: 'text', pieces: [{ rows, cells: textCells(ids, () => attempt) }] },
    { ...column('ended'), type: 'u8', pieces: [{ rows, cells: wholeCells(ids, 1, () => ended) }] },
  ]);
  await server.send(`INSERT INTO ${CLAIMS} (id, attempt, ended) FORMAT Native`, block, STEP_SECONDS);
}
