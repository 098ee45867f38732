import type { FlowStoreStats } from '../store.ts';
import type { Read } from './read.ts';
import { KIND, RECORDS } from './schema.ts';
import type { Server } from './server.ts';
import { ServerError } from './server-error.ts';

/** Parts may be merged between being listed and being read; then they are listed again. */
const MAX_ROUNDS = 5;

/** Of the updates of a part. */
interface PartStats {
  readonly rows: number;
  readonly oldestMs: number;
  readonly newestMs: number;
}

/** What is the same has the same content: parts never change, and a table that is made anew begins with other sizes. */
const keyOf = (part: Readonly<Record<string, unknown>>): string => `${part['name']} ${part['n']} ${part['bytes']}`;

const ACTIVE = `SELECT name, toString(rows) AS n, toString(bytes_on_disk) AS bytes FROM system.parts
  WHERE database = ? AND table = '${RECORDS}' AND active AND rows > 0`;
const IS_UPDATE = `record = ${KIND.update}`;
const OF_PARTS = `SELECT _part, countIf(${IS_UPDATE}) AS n, minIf(end_ms, ${IS_UPDATE}) AS oldest,
  maxIf(end_ms, ${IS_UPDATE}) AS newest FROM ${RECORDS}`;

/**
 * Tells how much there is. It reads what was stored or merged since it was asked last, however large the table is: what it found of
 * other parts it keeps, some hundred octets each.
 */
export function statistics(server: Server, read: Read): () => Promise<FlowStoreStats> {
  let known: ReadonlyMap<string, PartStats> = new Map();

  return async () => {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const parts = await read({ sql: ACTIVE, params: [server.database] });
      const fresh = parts.filter((part) => !known.has(keyOf(part))).map(({ name }) => `${name}`);
      const found = fresh.length === 0 ? new Map<string, PartStats>() : await readParts(read, fresh);
      const whole = new Map(
        parts.flatMap((part) => {
          const stats = known.get(keyOf(part)) ?? found.get(`${part['name']}`);
          return stats === undefined ? [] : [[keyOf(part), stats] as const];
        }),
      );
      known = whole;
      if (whole.size === parts.length)
        return { ...sumOf([...whole.values()]), bytes: parts.reduce((sum, part) => sum + Number(part['bytes']), 0) };
    }
    throw new ServerError('the parts of the table change faster than they are read');
  };
}

async function readParts(read: Read, names: readonly string[]): Promise<Map<string, PartStats>> {
  const sql = `${OF_PARTS} WHERE _part IN (${names.map(() => '?').join(', ')}) GROUP BY _part`;
  const rows = await read({ sql, params: [...names] });
  return new Map(
    rows.map((row) => [
      `${row['part']}`,
      { rows: Number(row['n']), oldestMs: Number(row['oldest']), newestMs: Number(row['newest']) },
    ]),
  );
}

function sumOf(parts: readonly PartStats[]): Omit<FlowStoreStats, 'bytes'> {
  const some = parts.filter(({ rows }) => rows > 0);
  const none = some.length === 0;
  return {
    rows: some.reduce((sum, { rows }) => sum + rows, 0),
    oldestMs: none ? null : some.reduce((least, { oldestMs }) => Math.min(least, oldestMs), Infinity),
    newestMs: none ? null : some.reduce((most, { newestMs }) => Math.max(most, newestMs), -Infinity),
    movedAside: null,
  };
}
