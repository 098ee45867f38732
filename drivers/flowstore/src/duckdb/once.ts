import { allOf, type Condition } from '../sql/condition.ts';
import { withinTime } from '../sql/conditions.ts';
import type { FlowFilter } from '../store.ts';
import { UPDATES } from './schema.ts';
import { selection } from './selection.ts';

/** What exporters saw beside hosts is counted by these. */
export const COUNTS = `point <> 'beside'`;

/**
 * The updates that a filter asks for, each with whether it is `alone`: of its flow there is no other among them. That shows
 * without a look at its flow, and spares nearly all of them being told apart from each other: of a day, ten million.
 */
export function counted(filter: FlowFilter): Condition {
  const { source, where, params } = selection(filter);
  const later = allOf([{ sql: 'NOT is_first', params: [] }, ...withinTime(filter)]);
  const alone = `coalesce(is_first, false) AND key NOT IN (SELECT key FROM ${UPDATES} WHERE ${later.sql})`;
  return {
    sql: `(SELECT *, ${alone} AS alone FROM ${source} WHERE ${COUNTS} AND ${where})`,
    params: [...later.params, ...params],
  };
}

/**
 * A connection between two hosts is judged twice, and then has updates from both points. Summing per point and taking
 * the greater counts it once.
 */
export const once = (name: string) =>
  `greatest(coalesce(sum(${name}) FILTER (point = 'egress'), 0), coalesce(sum(${name}) FILTER (point = 'ingress'), 0)) AS ${name}`;

const flowsAt = (point: string, which: string) => {
  const these = `point = '${point}' AND ${which}`;
  return `count(*) FILTER (${these} AND alone)
    + count(DISTINCT hash(host, key, start_ms)) FILTER (${these} AND NOT alone)`;
};
const connections = (which: string) => `greatest(${flowsAt('egress', which)}, ${flowsAt('ingress', which)})`;

/** Of what is {@link counted}. */
export const CONNECTIONS = `${connections('true')} AS flows`;
export const PENDING_CONNECTIONS = `${connections('pending_verdict <> verdict')} AS pending_flows`;
