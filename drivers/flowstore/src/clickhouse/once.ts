import { allOf, type Condition } from '../sql/condition.ts';
import { COUNTERS } from '../sql/names.ts';
import type { FlowFilter } from '../store.ts';
import { RECORDS } from './schema.ts';
import { selection, updatesWithin } from './selection.ts';
import type { Gathered } from './summed.ts';

/** What exporters saw beside hosts is counted by these. */
export const COUNTS = "point != 'beside'";

/**
 * The updates that a filter asks for, each with whether it is `alone`: of its flow there is no other among them. That shows without a look
 * at its flow, and spares nearly all of them being told apart from each other.
 */
export function counted(filter: FlowFilter): Condition {
  const updates = selection(filter);
  const later = allOf([...[{ sql: 'is_first = 0', params: [] }], updatesWithin(filter)]);
  const alone = `ifNull(is_first, 0) = 1 AND key NOT IN (SELECT key FROM ${RECORDS} WHERE ${later.sql})`;
  return {
    sql: `(SELECT *, ${alone} AS alone FROM ${updates.sql} AND ${COUNTS})`,
    params: [...later.params, ...updates.params],
  };
}

const at = (point: string, which: string) => `point = '${point}' AND ${which}`;

/**
 * A connection between two hosts is judged twice, and then has updates from both points. Summing per point and taking
 * the greater counts it once.
 */
const once = (name: string) => `greatest(sumIf(${name}, ${at('egress', '1')}), sumIf(${name}, ${at('ingress', '1')}))`;

const flowsAt = (point: string, which: string) =>
  `countIf(${at(point, which)} AND alone) + uniqExactIf(host, key, start_ms, ${at(point, which)} AND NOT alone)`;

const connections = (which: string) => `greatest(${flowsAt('egress', which)}, ${flowsAt('ingress', which)})`;

/** Of what is {@link counted}. */
export const CONNECTIONS: Gathered = { flows: connections('1') };
export const PENDING_CONNECTIONS: Gathered = { pending_flows: connections('ifNull(pending_verdict != verdict, 0)') };
export const TRAFFIC: Gathered = Object.fromEntries(COUNTERS.map((name) => [name, once(name)]));
