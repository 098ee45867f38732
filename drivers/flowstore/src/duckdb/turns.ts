import type { DuckDBConnection } from '@duckdb/node-api';
import { PAIR_KEY } from '../sql/names.ts';
import { firstOf } from '../sql/pages.ts';
import { requireLimit } from '../sql/rows.ts';
import { toTurn } from '../sql/sums.ts';
import type { FlowFilter } from '../store.ts';
import { CONNECTIONS, counted } from './once.ts';
import { read } from './read.ts';
import { selectTalks } from './talks.ts';

/** Text, so that both times of a pair meet where a part of it is missing: NULL equals nothing. */
const PAIR = `CAST(ROW(${PAIR_KEY}) AS VARCHAR) AS pair`;
const REVISION = 'arg_max(revision, end_ms) AS last_revision';
/** One value for all that was said last: of two updates of one moment, it is not mixed from both. */
const LAST = "arg_max({'verdict': verdict, 'rule_num': rule_num, 'revision': revision}, end_ms) AS last";

export async function queryTurns(connection: DuckDBConnection, before: FlowFilter, after: FlowFilter, limit: number) {
  const [old, now] = [counted(before), counted(after)];
  const sql = `
    WITH now AS (${selectTalks(now.sql, `, ${REVISION}, ${PAIR}`)}
      QUALIFY row_number() OVER (PARTITION BY ${PAIR_KEY} ORDER BY max(end_ms) DESC, last_revision DESC, rule_num) = 1),
    old AS (SELECT ${PAIR}, ${LAST}, ${CONNECTIONS}, max(end_ms) AS last_ms
      FROM ${old.sql} WHERE src_ip IS NOT NULL GROUP BY ${PAIR_KEY})
    SELECT now.*, last.verdict AS old_verdict, last.rule_num AS old_rule_num, last.revision AS old_revision,
      old.flows AS old_flows, old.last_ms AS old_last_ms
    FROM now JOIN old USING (pair)
    WHERE (now.verdict = 'allow') <> (last.verdict = 'allow')
    ORDER BY now.verdict = 'allow', now.flows DESC, pair LIMIT ?`;
  const rows = await read(connection, sql, [...now.params, ...old.params, requireLimit(limit) + 1]);
  const { shown, truncated } = firstOf(rows, limit);
  return { turns: shown.map(toTurn), truncated };
}
