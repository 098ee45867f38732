import { firstOf } from '../sql/pages.ts';
import { requireLimit } from '../sql/rows.ts';
import { toTurn } from '../sql/sums.ts';
import type { FlowFilter } from '../store.ts';
import { CONNECTIONS, counted } from './once.ts';
import type { Read } from './read.ts';
import { summed } from './summed.ts';
import { OF_IP, PAIR_KEYS, selectTalks } from './talks.ts';

/** Text, so that both times of a pair meet where a part of it is missing: NULL equals nothing. */
const PAIR = `concat(${PAIR_KEYS.map((name) => `if(isNull(${name}), '-', concat('=', toString(${name})))`).join(", ',', ")})`;

export async function queryTurns(read: Read, before: FlowFilter, after: FlowFilter, limit: number) {
  const [old, now] = [counted(before), counted(after)];
  const talks = selectTalks(
    now.sql,
    { pair: PAIR },
    { last_revision: 'argMax(revision, end_ms)' },
    'ORDER BY _last_ms DESC, _last_revision DESC, _rule_num LIMIT 1 BY _pair',
  );
  // One value for all that was said last: of two updates of one moment, it is not mixed from both.
  const lastOfOld = { last: 'argMax(tuple(verdict, rule_num, revision), end_ms)' };
  const gathered = { ...lastOfOld, old_flows: CONNECTIONS['flows']!, old_last_ms: 'max(end_ms)' };
  const oldTalks = summed(`${old.sql} WHERE ${OF_IP}`, { pair: PAIR }, gathered);
  const oldVerdict = 'tupleElement(_last, 1)';
  const rows = await read({
    sql: `SELECT *, ${oldVerdict} AS old_verdict, tupleElement(_last, 2) AS old_rule_num, tupleElement(_last, 3) AS old_revision
      FROM (${talks}) AS talks ANY INNER JOIN (${oldTalks}) AS old_talks USING _pair
      WHERE (_verdict = 'allow') != (${oldVerdict} = 'allow') ORDER BY _verdict = 'allow', _flows DESC, _pair LIMIT ?`,
    params: [...now.params, ...old.params, requireLimit(limit) + 1],
  });
  const { shown, truncated } = firstOf(rows, limit);
  return { turns: shown.map(toTurn), truncated };
}
